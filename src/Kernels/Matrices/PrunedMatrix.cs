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
/// <typeparam name="V">What gathers the operands of a slice.</typeparam>
/// <typeparam name="W">What takes many steps at once.</typeparam>
internal sealed unsafe class PrunedMatrix<V, W> : WeightMatrix
    where V : unmanaged, IVector<V>, IGather<V>
    where W : unmanaged, IVector<W>
{
    private readonly Aligned<float> values;
    private readonly Aligned<ushort> columns;
    private readonly int[] sliceLengths;
    private readonly Aligned<int> order;
    private readonly Aligned<float> zeros;

    /// <param name="weights">[nnz], row by row.</param>
    /// <param name="columnIndices">[nnz]</param>
    /// <param name="offsets">[rows + 1]</param>
    /// <param name="lanes">Of the vectors of units that the cell works with, which may be wider than those of the product.</param>
    public PrunedMatrix(PrunedStructure structure, ReadOnlySpan<float> weights, ReadOnlySpan<ushort> columnIndices, ReadOnlySpan<uint> offsets, int lanes)
        : base(new UnitOrder(structure.Gates, structure.Rows, lanes), structure.Columns)
    {
        var lengths = new int[Rows];
        for (var row = 0; row < Rows; row++)
        {
            lengths[row] = (int)(offsets[row + 1] - offsets[row]);
        }

        int[] rows = [.. Enumerable.Range(0, Rows).OrderByDescending(row => lengths[row]).ThenBy(row => row)];
        sliceLengths = [.. rows.Chunk(V.Lanes).Select(slice => lengths[slice[0]])];
        zeros = new Aligned<float>(Padded(Rows));
        order = new Aligned<int>(sliceLengths.Length * V.Lanes);
        // The last slice's missing rows go into the result's padding.
        order.Span.Fill(Rows);
        for (var place = 0; place < rows.Length; place++)
        {
            order.Span[place] = Order.Place(rows[place] / Order.Units, rows[place] % Order.Units);
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

    public override long ResidentBytes => values.Bytes + columns.Bytes + order.Bytes + zeros.Bytes + (sliceLengths.Length * sizeof(int));

    public override int ScratchFloats(int steps) => Math.Max(V.Lanes + Padded(Rows), steps < W.Lanes ? 0 : (Columns + 1) * W.Lanes);

    public override void Begin(float* x, float* scratch, bool backwards) => Multiply(x, zeros.Pointer, scratch + V.Lanes, scratch, backwards);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Finish(int vector, float* x, float* initial, float* y, float* scratch)
    {
        var products = scratch + V.Lanes + Order.Start(vector);
        for (var row = 0; row < Order.Gates * Order.GateStride(vector); row += W.Lanes)
        {
            (W.Load(initial + row) + W.Load(products + row)).Store(y + row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(float* x, float* initial, float* y, float* scratch, bool backwards)
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
                y[row[lane]] = initial[row[lane]] + scratch[lane];
            }

            row += V.Lanes;
        }
    }

    public override void MultiplyMany(float* x, int steps, float* initial, int initialStride, float* y, float* scratch)
    {
        var step = 0;
        for (; step <= steps - W.Lanes; step += W.Lanes)
        {
            MultiplyTile(x + ((long)step * Columns), initial + ((long)step * initialStride), initialStride, y + ((long)step * Padded(Rows)), scratch);
        }

        for (; step < steps; step++)
        {
            Multiply(x + ((long)step * Columns), initial + ((long)step * initialStride), y + ((long)step * Padded(Rows)), scratch, backwards: false);
        }
    }

    /// <summary>As many steps as W has lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyTile(float* x, float* initial, int initialStride, float* y, float* scratch)
    {
        var (columnCount, stride) = (Columns, Padded(Rows));
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
                    y[(step * stride) + target] = initial[(step * initialStride) + target] + scratch[step];
                }
            }

            value += length * V.Lanes;
            index += length * V.Lanes;
            row += V.Lanes;
        }
    }
}
