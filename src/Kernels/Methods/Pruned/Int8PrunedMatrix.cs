using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Methods.Pruned;

/// <summary>
/// <see cref="PrunedMatrix{W, V}"/> with weights in bytes, a scale a row: the operands are gathered as integers, and many vectors
/// x are transposed likewise.
/// </summary>
/// <typeparam name="V">What the cell works with.</typeparam>
/// <typeparam name="G">What gathers the operands of a slice; its <see cref="IDotVector{T}.Offset"/> is 0.</typeparam>
/// <typeparam name="W">What takes many steps at once.</typeparam>
internal sealed unsafe class Int8PrunedMatrix<V, G, W> : GatewiseMatrix<V>
    where V : unmanaged, IVector<V>
    where G : unmanaged, IDotVector<G>, IGatherDot<G>
    where W : unmanaged, IDotVector<W>
{
    private readonly SparseSlices<sbyte> slices;

    // In the order of the slices.
    private readonly Aligned<float> scales;
    private readonly Aligned<float> zeros = new(G.Lanes);

    /// <param name="weights">[nnz], row by row.</param>
    /// <param name="rowScales">[rows]</param>
    /// <param name="columnIndices">[nnz]</param>
    /// <param name="offsets">[rows + 1]</param>
    public Int8PrunedMatrix(
        PrunedStructure structure, ReadOnlySpan<sbyte> weights, ReadOnlySpan<float> rowScales, ReadOnlySpan<ushort> columnIndices, ReadOnlySpan<uint> offsets)
        : base(structure.Gates, structure.Rows, structure.Columns)
    {
        slices = new SparseSlices<sbyte>(Order, GateFloats, G.Lanes, weights, columnIndices, offsets);
        scales = new Aligned<float>(slices.Targets.Length);
        for (var place = 0; place < Rows; place++)
        {
            scales.Span[place] = rowScales[slices.Rows[place]];
        }
    }

    public override long ResidentBytes => slices.ResidentBytes + scales.Bytes + zeros.Bytes;

    // The quantised x; and then a slice's sums and x in integers, or, for a tile, sums, the scales of all x, and they transposed.
    protected override int ProductScratchFloats(int steps) =>
        Int8Operand.Floats(Columns) + Math.Max(G.Lanes + Columns, steps < W.Lanes ? 0 : (2 + Columns) * W.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Product(float* x, float* products, float* scratch)
    {
        Int8Operand.Write<G>(x, Columns, scratch);
        var xScale = Int8Operand.Scale(scratch);
        var results = scratch + Int8Operand.Floats(Columns);
        var integers = (int*)(results + G.Lanes);
        Int8Operand.Widen(scratch, Columns, integers, 1);
        var value = slices.Values.Pointer;
        var column = slices.Columns.Pointer;
        var target = slices.Targets.Pointer;
        var scale = scales.Pointer;
        foreach (var length in slices.Lengths)
        {
            var even = G.Broadcast(0);
            var odd = G.Broadcast(0);
            for (var pair = length / 2; pair > 0; pair--)
            {
                even = G.MultiplyAdd(G.Widen(value), G.Gather(integers, column), even);
                odd = G.MultiplyAdd(G.Widen(value + G.Lanes), G.Gather(integers, column + G.Lanes), odd);
                value += 2 * G.Lanes;
                column += 2 * G.Lanes;
            }

            if (length % 2 == 1)
            {
                even = G.MultiplyAdd(G.Widen(value), G.Gather(integers, column), even);
                value += G.Lanes;
                column += G.Lanes;
            }

            (even + odd).Finish(zeros.Pointer, scale, xScale, results);
            for (var lane = 0; lane < G.Lanes; lane++)
            {
                products[target[lane]] = results[lane];
            }

            target += G.Lanes;
            scale += G.Lanes;
        }
    }

    protected override void ProductMany(float* x, int steps, float* products, float* scratch)
    {
        var step = 0;
        for (; step <= steps - W.Lanes; step += W.Lanes)
        {
            ProductTile(x + ((long)step * Columns), products + ((long)step * StepFloats), scratch);
        }

        for (; step < steps; step++)
        {
            Product(x + ((long)step * Columns), products + ((long)step * StepFloats), scratch);
        }
    }

    /// <summary>As many steps as W has lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ProductTile(float* x, float* products, float* scratch)
    {
        var (columnCount, stride) = (Columns, StepFloats);
        var sums = (int*)(scratch + Int8Operand.Floats(columnCount));
        var xScales = (float*)sums + W.Lanes;
        var transposed = sums + (2 * W.Lanes);
        for (var step = 0; step < W.Lanes; step++)
        {
            Int8Operand.Write<G>(x + (step * columnCount), columnCount, scratch);
            xScales[step] = Int8Operand.Scale(scratch);
            Int8Operand.Widen(scratch, columnCount, transposed + step, W.Lanes);
        }

        var value = slices.Values.Pointer;
        var index = slices.Columns.Pointer;
        var target = slices.Targets.Pointer;
        var scale = scales.Pointer;
        foreach (var length in slices.Lengths)
        {
            for (var lane = 0; lane < G.Lanes; lane++)
            {
                var sum = W.Broadcast(0);
                for (var place = lane; place < length * G.Lanes; place += G.Lanes)
                {
                    sum = W.MultiplyAdd(W.Broadcast(value[place]), W.Load(transposed + (index[place] * W.Lanes)), sum);
                }

                sum.Store(sums);
                for (var step = 0; step < W.Lanes; step++)
                {
                    products[(step * stride) + target[lane]] = sums[step] * (scale[lane] * xScales[step]);
                }
            }

            value += length * G.Lanes;
            index += length * G.Lanes;
            target += G.Lanes;
            scale += G.Lanes;
        }
    }
}
