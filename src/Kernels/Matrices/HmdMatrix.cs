using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// Rich rows over rank-1 blocks. One product gives the rich rows of all gates and every s_j = c_j' x_j: the c are rows below the
/// rich ones, zero outside their block. (That costs k times their multiplications, but they fill vectors that would be partly
/// empty, and save k * gates sums over the lanes of a vector.) Then the gates are put together a vector of units at a time:
/// initial + rich where the unit is rich, initial + sum_j b_j s_j where it is not.
/// </summary>
internal sealed unsafe class HmdMatrix<V> : WeightMatrix
    where V : unmanaged, IVector<V>
{
    private readonly Panels<V> stack;
    private readonly Aligned<float> zeros;
    private readonly Aligned<float> b;
    private readonly int gates;
    private readonly int rich;
    private readonly int blocks;

    // Of each gate, vectors [0, firstLower) are all rich; b starts there, with zeros where the first of its vectors is still rich.
    private readonly int firstLower;
    private readonly int lowerFloats;
    private readonly int stackStride;

    /// <param name="richRows">[gates * r, columns]</param>
    /// <param name="bs">[gates, k, rows - r]</param>
    /// <param name="cs">[gates, columns]</param>
    public HmdMatrix(HmdStructure structure, ReadOnlySpan<float> richRows, ReadOnlySpan<float> bs, ReadOnlySpan<float> cs)
        : base(new UnitOrder(structure.Gates, structure.Rows, V.Lanes), structure.Columns)
    {
        gates = structure.Gates;
        rich = structure.Rich;
        blocks = structure.Blocks;
        firstLower = rich / V.Lanes * V.Lanes;
        lowerFloats = (structure.Rows - firstLower + V.Lanes - 1) / V.Lanes * V.Lanes;
        var stackRows = gates * (rich + blocks);
        stackStride = Padded(stackRows);
        zeros = new Aligned<float>(stackStride);
        stack = new Panels<V>(stackRows, Columns, Stack(structure, richRows, cs));

        b = new Aligned<float>(gates * blocks * lowerFloats);
        var lower = structure.Rows - rich;
        for (var pair = 0; pair < gates * blocks; pair++)
        {
            bs.Slice(pair * lower, lower).CopyTo(b.Span[((pair * lowerFloats) + rich - firstLower)..]);
        }
    }

    public override long ResidentBytes => stack.ResidentBytes + b.Bytes + zeros.Bytes;

    public override int ScratchFloats(int steps) => stackStride * steps;

    public override void Begin(float* x, float* scratch, bool backwards) => stack.Multiply(x, zeros.Pointer, scratch, backwards);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Finish(int vector, float* x, float* initial, float* y, float* scratch)
    {
        var row = vector * V.Lanes;
        var stride = Order.GateStride(vector);
        var products = scratch + row;
        if (row < firstLower)
        {
            for (var gate = 0; gate < gates; gate++)
            {
                (V.Load(initial) + V.Load(products)).Store(y);
                initial += stride;
                products += rich;
                y += stride;
            }

            return;
        }

        var s = scratch + (gates * rich);
        var pair = b.Pointer + row - firstLower;
        for (var gate = 0; gate < gates; gate++)
        {
            var sum = V.Load(initial);
            if (row < rich)
            {
                sum += V.FirstLanes(V.Load(products), rich - row);
            }

            for (var block = 0; block < blocks; block++)
            {
                sum = V.MultiplyAdd(V.Load(pair), V.Broadcast(s[block]), sum);
                pair += lowerFloats;
            }

            // In ascending order: where units do not fill a vector, the next gate begins within this store.
            sum.Store(y);
            initial += stride;
            products += rich;
            s += blocks;
            y += stride;
        }
    }

    public override void MultiplyMany(float* x, int steps, float* initial, int initialStride, float* y, float* scratch)
    {
        stack.MultiplyMany(x, Columns, steps, zeros.Pointer, 0, scratch, stackStride);
        for (var step = 0; step < steps; step++)
        {
            for (var vector = 0; vector < Order.Vectors; vector++)
            {
                var start = Order.Start(vector);
                Finish(vector, x, initial + ((long)step * initialStride) + start, y + ((long)step * Padded(Rows)) + start, scratch + ((long)step * stackStride));
            }
        }
    }

    private static float[] Stack(HmdStructure structure, ReadOnlySpan<float> richRows, ReadOnlySpan<float> cs)
    {
        var (gates, columns, blocks) = (structure.Gates, structure.Columns, structure.Blocks);
        var stack = new float[gates * (structure.Rich + blocks) * columns];
        richRows.CopyTo(stack);
        for (var gate = 0; gate < gates; gate++)
        {
            for (var block = 0; block < blocks; block++)
            {
                var start = HmdStructure.BlockStart(columns, blocks, block);
                var end = HmdStructure.BlockStart(columns, blocks, block + 1);
                var row = (gates * structure.Rich) + (gate * blocks) + block;
                cs[((gate * columns) + start)..((gate * columns) + end)].CopyTo(stack.AsSpan((row * columns) + start));
            }
        }

        return stack;
    }
}
