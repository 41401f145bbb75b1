using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Methods.Hmd;

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

    // Of each gate, units [0, firstLower) are in vectors that are all rich; b starts there, [vector of units][gate][k][lane], with zeros
    // where the first of its vectors is still rich.
    private readonly int firstLower;
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
        stackStride = Padded(stack.Rows);
        zeros = new Aligned<float>(stackStride);
        this.stack = stack;

        var lowerVectors = Order.Vectors - (firstLower / V.Lanes);
        b = new Aligned<float>(lowerVectors * gates * blocks * V.Lanes);
        var lower = structure.Rows - rich;
        for (var pair = 0; pair < gates * blocks; pair++)
        {
            for (var row = 0; row < lower; row++)
            {
                var unit = rich - firstLower + row;
                b.Span[(((unit / V.Lanes * gates * blocks) + pair) * V.Lanes) + (unit % V.Lanes)] = bs[(pair * lower) + row];
            }
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
        if (row < firstLower)
        {
            FinishRich(scratch + row, initial, y, stride);
            return;
        }

        var pairs = b.Pointer + ((long)(row - firstLower) * gates * blocks);
        var s = scratch + (gates * rich);
        if (row < rich)
        {
            FinishMixed(scratch + row, rich - row, pairs, s, initial, y, stride);
        }
        else if (blocks == 2)
        {
            FinishLowerByTwo(pairs, s, initial, y, stride);
        }
        else
        {
            FinishLower(pairs, s, initial, y, stride);
        }
    }

    // All of these store in ascending order: where units do not fill a vector, the next gate begins within this gate's store.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FinishRich(float* products, float* initial, float* y, int stride)
    {
        for (var gate = 0; gate < gates; gate++)
        {
            (V.Load(initial) + V.Load(products)).Store(y);
            initial += stride;
            products += rich;
            y += stride;
        }
    }

    /// <summary>The vector that has the last rich units and the first lower ones.</summary>
    /// <param name="count">Its rich units.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FinishMixed(float* products, int count, float* pairs, float* s, float* initial, float* y, int stride)
    {
        for (var gate = 0; gate < gates; gate++)
        {
            var sum = V.Load(initial) + V.FirstLanes(V.Load(products), count);
            for (var block = 0; block < blocks; block++)
            {
                sum = V.MultiplyAdd(V.Load(pairs), V.Broadcast(*s++), sum);
                pairs += V.Lanes;
            }

            sum.Store(y);
            initial += stride;
            products += rich;
            y += stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FinishLower(float* pairs, float* s, float* initial, float* y, int stride)
    {
        for (var gate = 0; gate < gates; gate++)
        {
            var sum = V.Load(initial);
            for (var block = 0; block < blocks; block++)
            {
                sum = V.MultiplyAdd(V.Load(pairs), V.Broadcast(*s++), sum);
                pairs += V.Lanes;
            }

            sum.Store(y);
            initial += stride;
            y += stride;
        }
    }

    /// <summary>The same for the number of blocks that a model has unless it is told otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FinishLowerByTwo(float* pairs, float* s, float* initial, float* y, int stride)
    {
        for (var end = s + (2 * gates); s < end; s += 2)
        {
            var first = V.MultiplyAdd(V.Load(pairs), V.Broadcast(s[0]), V.Load(initial));
            V.MultiplyAdd(V.Load(pairs + V.Lanes), V.Broadcast(s[1]), first).Store(y);
            pairs += 2 * V.Lanes;
            initial += stride;
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
                Finish(
                    vector, x, initial + ((long)step * initialStride) + start, y + ((long)step * Padded(Rows)) + start, scratch + ((long)step * stackStride));
            }
        }
    }
}
