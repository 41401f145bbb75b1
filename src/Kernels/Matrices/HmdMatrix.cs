using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// Rich rows over rank-1 blocks. One product gives the rich rows of all gates and every s_j = c_j' x_j: the c are rows below the
/// rich ones, zero outside their block. (That costs k times their multiplications, but they fill vectors that would be partly
/// empty, and save k * gates sums over the lanes of a vector.) Then each gate's result is put together a vector at a time:
/// initial + rich where the unit is rich, initial + sum_j b_j s_j where it is not.
/// </summary>
internal sealed unsafe class HmdMatrix<V> : WeightMatrix
    where V : unmanaged, IVector<V>
{
    private readonly Panels<V> stack;
    private readonly Aligned<float> zeros;
    private readonly Aligned<float> b;
    private readonly int gates;
    private readonly int gateRows;
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
        : base(structure.Gates * structure.Rows, structure.Columns)
    {
        gates = structure.Gates;
        gateRows = structure.Rows;
        rich = structure.Rich;
        blocks = structure.Blocks;
        firstLower = rich / V.Lanes * V.Lanes;
        lowerFloats = (gateRows - firstLower + V.Lanes - 1) / V.Lanes * V.Lanes;
        var stackRows = gates * (rich + blocks);
        stackStride = Padded(stackRows);
        zeros = new Aligned<float>(stackStride);
        stack = new Panels<V>(stackRows, Columns, Stack(structure, richRows, cs));

        b = new Aligned<float>(gates * blocks * lowerFloats);
        var lower = gateRows - rich;
        for (var pair = 0; pair < gates * blocks; pair++)
        {
            bs.Slice(pair * lower, lower).CopyTo(b.Span[((pair * lowerFloats) + rich - firstLower)..]);
        }
    }

    public override long ResidentBytes => stack.ResidentBytes + b.Bytes + zeros.Bytes;

    public override int ScratchFloats(int steps) => stackStride * steps;

    public override void Multiply(float* x, float* initial, float* y, float* scratch)
    {
        stack.Multiply(x, zeros.Pointer, scratch);
        Assemble(scratch, initial, y);
    }

    public override void MultiplyMany(float* x, int steps, float* initial, float* y, float* scratch)
    {
        stack.MultiplyMany(x, Columns, steps, zeros.Pointer, scratch, stackStride);
        for (var step = 0; step < steps; step++)
        {
            Assemble(scratch + ((long)step * stackStride), initial, y + ((long)step * Padded(Rows)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Assemble(float* products, float* initial, float* y)
    {
        var s = products + (gates * rich);
        var pair = b.Pointer;
        for (var gate = 0; gate < gates; gate++)
        {
            for (var row = 0; row < firstLower; row += V.Lanes)
            {
                (V.Load(initial + row) + V.Load(products + row)).Store(y + row);
            }

            for (var row = firstLower; row < gateRows; row += V.Lanes)
            {
                var sum = V.Load(initial + row);
                if (row < rich)
                {
                    sum += V.FirstLanes(V.Load(products + row), rich - row);
                }

                for (var block = 0; block < blocks; block++)
                {
                    sum = V.MultiplyAdd(V.Load(pair + (block * lowerFloats) + row - firstLower), V.Broadcast(s[block]), sum);
                }

                sum.Store(y + row);
            }

            products += rich;
            s += blocks;
            pair += blocks * lowerFloats;
            initial += gateRows;
            y += gateRows;
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
