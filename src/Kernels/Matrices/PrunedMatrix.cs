using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// Sparse rows in slices (SELL-C-sigma): rows are ordered by their number of weights, and each slice of as many rows as a vector
/// has lanes stores the first weight of each row, then the second of each ..., padded to its longest row with zeros.
/// Each turn gathers one operand for each row, and rows of like length make the padding small.
/// Many vectors x are turned so that a wide vector holds one feature of as many steps as it has lanes: then nothing is gathered.
/// </summary>
/// <remarks>Source: Kreutzer, Hager, Wellein, Fehske, Bishop, SIAM J. Sci. Comput. 36 (2014), with sigma = all rows.</remarks>
/// <typeparam name="W">What the cell works with, and what takes many steps at once.</typeparam>
/// <typeparam name="V">What gathers the operands of a slice.</typeparam>
internal sealed unsafe class PrunedMatrix<W, V> : GatewiseMatrix<W>
    where W : unmanaged, IVector<W>
    where V : unmanaged, IVector<V>, IGather<V>
{
    private readonly Aligned<float> values;
    private readonly Aligned<ushort> columns;
    private readonly int[] sliceLengths;
    private readonly Aligned<int> order;

    /// <param name="weights">[nnz], row by row.</param>
    /// <param name="columnIndices">[nnz]</param>
    /// <param name="offsets">[rows + 1]</param>
    public PrunedMatrix(PrunedStructure structure, ReadOnlySpan<float> weights, ReadOnlySpan<ushort> columnIndices, ReadOnlySpan<uint> offsets)
        : base(structure.Gates, structure.Rows, structure.Columns)
    {
        var lengths = new int[Rows];
        for (var row = 0; row < Rows; row++)
        {
            lengths[row] = (int)(offsets[row + 1] - offsets[row]);
        }

        int[] rows = [.. Enumerable.Range(0, Rows).OrderByDescending(row => lengths[row]).ThenBy(row => row)];
        sliceLengths = [.. rows.Chunk(V.Lanes).Select(slice => lengths[slice[0]])];
        order = new Aligned<int>(sliceLengths.Length * V.Lanes);
        // The last slice's missing rows go into the padding behind the first gate.
        order.Span.Fill(Order.Units);
        for (var place = 0; place < rows.Length; place++)
        {
            order.Span[place] = (rows[place] / Order.Units * GateFloats) + (rows[place] % Order.Units);
        }

        var stored = checked(sliceLengths.Sum() * V.Lanes);
        values = new Aligned<float>(stored);
        columns = new Aligned<ushort>(stored);
        var start = 0;
        for (var place = 0; place < rows.Length; place++)
        {
            var (slice, lane) = (place / V.Lanes, place % V.Lanes);
            for (var index = 0; index < lengths[rows[place]]; index++)
            {
                var target = start + (index * V.Lanes) + lane;
                values.Span[target] = weights[(int)offsets[rows[place]] + index];
                columns.Span[target] = columnIndices[(int)offsets[rows[place]] + index];
            }

            start += lane == V.Lanes - 1 ? sliceLengths[slice] * V.Lanes : 0;
        }
    }

    public override long ResidentBytes => values.Bytes + columns.Bytes + order.Bytes + (sliceLengths.Length * sizeof(int));

    protected override int ProductScratchFloats(int steps) => Math.Max(V.Lanes, steps < W.Lanes ? 0 : (Columns + 1) * W.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Product(float* x, float* products, float* scratch)
    {
        var value = values.Pointer;
        var column = columns.Pointer;
        var row = order.Pointer;
        foreach (var length in sliceLengths)
        {
            var even = V.Broadcast(0);
            var odd = V.Broadcast(0);
            for (var pair = length / 2; pair > 0; pair--)
            {
                even = V.MultiplyAdd(V.Load(value), V.Gather(x, column), even);
                odd = V.MultiplyAdd(V.Load(value + V.Lanes), V.Gather(x, column + V.Lanes), odd);
                value += 2 * V.Lanes;
                column += 2 * V.Lanes;
            }

            if (length % 2 == 1)
            {
                even = V.MultiplyAdd(V.Load(value), V.Gather(x, column), even);
                value += V.Lanes;
                column += V.Lanes;
            }

            (even + odd).Store(scratch);
            for (var lane = 0; lane < V.Lanes; lane++)
            {
                products[row[lane]] = scratch[lane];
            }

            row += V.Lanes;
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
        var turned = scratch + W.Lanes;
        for (var column = 0; column < columnCount; column++)
        {
            for (var step = 0; step < W.Lanes; step++)
            {
                turned[(column * W.Lanes) + step] = x[(step * columnCount) + column];
            }
        }

        var value = values.Pointer;
        var index = columns.Pointer;
        var row = order.Pointer;
        foreach (var length in sliceLengths)
        {
            for (var lane = 0; lane < V.Lanes; lane++)
            {
                var target = row[lane];
                var sum = W.Broadcast(0);
                for (var place = lane; place < length * V.Lanes; place += V.Lanes)
                {
                    sum = W.MultiplyAdd(W.Broadcast(value[place]), W.Load(turned + (index[place] * W.Lanes)), sum);
                }

                sum.Store(scratch);
                for (var step = 0; step < W.Lanes; step++)
                {
                    products[(step * stride) + target] = scratch[step];
                }
            }

            value += length * V.Lanes;
            index += length * V.Lanes;
            row += V.Lanes;
        }
    }
}
