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
    private readonly WeightMatrix stack;
    private readonly Aligned<float> zeros;
    private readonly Aligned<float> b;
    private readonly int gates;
    private readonly int rich;
    private readonly int blocks;

    // Of each gate, vectors [0, firstLower) are all rich; b starts there, with zeros where the first of its vectors is still rich.
    private readonly int firstLower;
    private readonly int lowerFloats;
    private readonly int stackStride;

    /// <param name="stack">The rich rows and the c of all gates, as <see cref="HmdStack"/> stacks them, as one gate.</param>
    /// <param name="bs">[gates, k, rows - r]</param>
    public HmdMatrix(HmdStructure structure, WeightMatrix stack, ReadOnlySpan<float> bs)
        : base(new UnitOrder(structure.Gates, structure.Rows, V.Lanes), structure.Columns)
    {
        gates = structure.Gates;
        rich = structure.Rich;
        blocks = structure.Blocks;
        firstLower = rich / V.Lanes * V.Lanes;
        lowerFloats = (structure.Rows - firstLower + V.Lanes - 1) / V.Lanes * V.Lanes;
        stackStride = Padded(stack.Rows);
        zeros = new Aligned<float>(stackStride);
        this.stack = stack;

        b = new Aligned<float>(gates * blocks * lowerFloats);
        var lower = structure.Rows - rich;
        for (var pair = 0; pair < gates * blocks; pair++)
        {
            bs.Slice(pair * lower, lower).CopyTo(b.Span[((pair * lowerFloats) + rich - firstLower)..]);
        }
    }

    public override long ResidentBytes => stack.ResidentBytes + b.Bytes + zeros.Bytes;

    public override int ScratchFloats(int steps) => (stackStride * steps) + stack.ScratchFloats(steps);

    public override void Begin(float* x, float* scratch, bool backwards) => stack.Multiply(x, zeros.Pointer, scratch, scratch + stackStride, backwards);

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
        stack.MultiplyMany(x, steps, zeros.Pointer, 0, scratch, scratch + ((long)stackStride * steps));
        for (var step = 0; step < steps; step++)
        {
            for (var vector = 0; vector < Order.Vectors; vector++)
            {
                var start = Order.Start(vector);
                Finish(vector, x, initial + ((long)step * initialStride) + start, y + ((long)step * Padded(Rows)) + start, scratch + ((long)step * stackStride));
            }
        }
    }
}
