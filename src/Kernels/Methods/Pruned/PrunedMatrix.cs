using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Methods.Pruned;

/// <summary>
/// Sparse rows in slices (SELL-C-sigma): rows are ordered by their number of weights, and each slice of as many rows as a vector
/// has lanes stores the first weight of each row, then the second of each ..., padded to its longest row with zeros.
/// Each turn gathers one operand for each row, and rows of like length make the padding small.
/// Many vectors x are transposed so that a wide vector holds one feature of as many steps as it has lanes: then nothing is gathered.
/// </summary>
/// <remarks>Source: Kreutzer, Hager, Wellein, Fehske, Bishop, SIAM J. Sci. Comput. 36 (2014), with sigma = all rows.</remarks>
/// <typeparam name="W">What the cell works with, and what takes many steps at once.</typeparam>
/// <typeparam name="V">What gathers the operands of a slice.</typeparam>
internal sealed unsafe class PrunedMatrix<W, V> : GatewiseMatrix<W>
    where W : unmanaged, IVector<W>
    where V : unmanaged, IVector<V>, IGather<V>
{
    private readonly SparseSlices<float> slices;

    /// <param name="weights">[nnz], row by row.</param>
    /// <param name="columnIndices">[nnz]</param>
    /// <param name="offsets">[rows + 1]</param>
    public PrunedMatrix(PrunedStructure structure, ReadOnlySpan<float> weights, ReadOnlySpan<ushort> columnIndices, ReadOnlySpan<uint> offsets)
        : base(structure.Gates, structure.Rows, structure.Columns)
    {
        slices = new SparseSlices<float>(Order, GateFloats, V.Lanes, weights, columnIndices, offsets);
    }

    public override long ResidentBytes => slices.ResidentBytes;

    protected override int ProductScratchFloats(int steps) => Math.Max(V.Lanes, steps < W.Lanes ? 0 : (Columns + 1) * W.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Product(float* x, float* products, float* scratch)
    {
        var value = slices.Values.Pointer;
        var column = slices.Columns.Pointer;
        var row = slices.Targets.Pointer;
        foreach (var length in slices.Lengths)
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
        var transposed = scratch + W.Lanes;
        for (var column = 0; column < columnCount; column++)
        {
            for (var step = 0; step < W.Lanes; step++)
            {
                transposed[(column * W.Lanes) + step] = x[(step * columnCount) + column];
            }
        }

        var value = slices.Values.Pointer;
        var index = slices.Columns.Pointer;
        var row = slices.Targets.Pointer;
        foreach (var length in slices.Lengths)
        {
            for (var lane = 0; lane < V.Lanes; lane++)
            {
                var target = row[lane];
                var sum = W.Broadcast(0);
                for (var place = lane; place < length * V.Lanes; place += V.Lanes)
                {
                    sum = W.MultiplyAdd(W.Broadcast(value[place]), W.Load(transposed + (index[place] * W.Lanes)), sum);
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
