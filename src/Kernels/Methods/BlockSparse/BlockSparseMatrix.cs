using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Methods.BlockSparse;

/// <summary>
/// Blocks of rows in one column: a block's weights are multiplied with the one x that they read, and added to the sums of its stack of
/// rows. A vector takes as many blocks as it has room for, side by side; their sums are added up at the end of the stack. Nothing is
/// gathered. Stacks of like length follow one another: a loop that ends where the last one did is foreseen by the processor.
/// Many vectors x are transposed so that a wide vector holds one feature of as many steps as it has lanes: each weight is then one broadcast.
/// </summary>
/// <typeparam name="V">What the cell works with, and what takes many steps at once.</typeparam>
/// <typeparam name="B">Blocks, or a part of one.</typeparam>
internal sealed unsafe class BlockSparseMatrix<V, B> : GatewiseMatrix<V>
    where V : unmanaged, IVector<V>
    where B : unmanaged, IBlocks<B>
{
    // Rows that are summed up at once for many steps: two blocks of them make the eight sums that hide the latency of the multiply-add.
    private const int TileRows = 4;

    // [stack][group of blocks][block][row]; of groups that are not full, zeros.
    private readonly Aligned<float> values;
    private readonly Aligned<ushort> columns;

    // Of each stack of rows its groups, and where its sums go; those with the most blocks come first.
    private readonly int[] groups;
    private readonly int[] targets;
    private readonly int height;

    /// <param name="weights">[blocks, height]</param>
    /// <param name="columnIndices">[blocks]</param>
    /// <param name="offsets">[gates * stacks + 1]</param>
    public BlockSparseMatrix(BlockSparseStructure structure, ReadOnlySpan<float> weights, ReadOnlySpan<ushort> columnIndices, ReadOnlySpan<uint> offsets)
        : base(structure.Gates, structure.Rows, structure.Columns)
    {
        height = structure.Height;
        var lengths = new int[structure.Gates * structure.Stacks];
        for (var stack = 0; stack < lengths.Length; stack++)
        {
            lengths[stack] = (int)(offsets[stack + 1] - offsets[stack]);
        }

        int[] order = [.. Enumerable.Range(0, lengths.Length).OrderByDescending(stack => lengths[stack]).ThenBy(stack => stack)];
        groups = Array.ConvertAll(order, stack => (lengths[stack] + B.Blocks - 1) / B.Blocks);
        targets = Array.ConvertAll(order, stack => (stack / structure.Stacks * GateFloats) + (stack % structure.Stacks * height));
        var stored = groups.Sum() * B.Blocks;
        values = new Aligned<float>(checked(stored * height));
        columns = new Aligned<ushort>(stored);
        var place = 0;
        for (var turn = 0; turn < order.Length; turn++)
        {
            var (first, length) = ((int)offsets[order[turn]], lengths[order[turn]]);
            weights.Slice(first * height, length * height).CopyTo(values.Span[(place * height)..]);
            for (var index = 0; index < groups[turn] * B.Blocks; index++)
            {
                // Zero times NaN is NaN: padding reads a feature that the stack reads anyway.
                columns.Span[place++] = columnIndices[first + Math.Min(index, length - 1)];
            }
        }
    }

    public override long ResidentBytes => values.Bytes + columns.Bytes + ((groups.Length + targets.Length) * sizeof(int));

    // x transposed, and the sums of a stack before they are transposed back.
    protected override int ProductScratchFloats(int steps) => UsesTile(steps) ? (Columns + TileRows) * V.Lanes : 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Product(float* x, float* products, float* scratch)
    {
        var value = values.Pointer;
        var column = columns.Pointer;
        var (lengths, places, rows) = (groups, targets, height);
        var groupFloats = B.Blocks * rows;
        for (var stack = 0; stack < lengths.Length && stack < places.Length; stack++)
        {
            var count = lengths[stack];
            var target = products + places[stack];
            for (var row = 0; row < rows; row += B.Rows)
            {
                Sum(value + row, groupFloats, column, count, x).Store(target + row);
            }

            value += count * groupFloats;
            column += count * B.Blocks;
        }
    }

    protected override void ProductMany(float* x, int steps, float* products, float* scratch)
    {
        var step = 0;
        for (; UsesTile(steps - step); step += V.Lanes)
        {
            ProductTile(x + ((long)step * Columns), Math.Min(V.Lanes, steps - step), products + ((long)step * StepFloats), scratch);
        }

        for (; step < steps; step++)
        {
            Product(x + ((long)step * Columns), products + ((long)step * StepFloats), scratch);
        }
    }

    // A tile takes the same time however many of its steps there are: about that of a quarter of them one by one.
    private static bool UsesTile(int steps) => V.Lanes > 1 && steps > V.Lanes / 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static B Sum(float* value, int groupFloats, ushort* column, int count, float* x)
    {
        var sum0 = B.Zero;
        var sum1 = sum0;
        var sum2 = sum0;
        var sum3 = sum0;
        for (; count >= 4; count -= 4)
        {
            sum0 = B.MultiplyAdd(value, x, column, sum0);
            sum1 = B.MultiplyAdd(value + groupFloats, x, column + B.Blocks, sum1);
            sum2 = B.MultiplyAdd(value + (2 * groupFloats), x, column + (2 * B.Blocks), sum2);
            sum3 = B.MultiplyAdd(value + (3 * groupFloats), x, column + (3 * B.Blocks), sum3);
            value += 4 * groupFloats;
            column += 4 * B.Blocks;
        }

        for (; count > 0; count--)
        {
            sum0 = B.MultiplyAdd(value, x, column, sum0);
            value += groupFloats;
            column += B.Blocks;
        }

        return (sum0 + sum1) + (sum2 + sum3);
    }

    /// <summary>Up to as many steps as V has lanes; what is in the lanes of steps that are missing goes nowhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ProductTile(float* x, int steps, float* products, float* scratch)
    {
        var sums = scratch;
        var transposed = scratch + (TileRows * V.Lanes);
        Transposition.Write(x, Columns, steps, Columns, transposed, V.Lanes);
        var value = values.Pointer;
        var column = columns.Pointer;
        for (var stack = 0; stack < groups.Length; stack++)
        {
            var count = groups[stack] * B.Blocks;
            for (var row = 0; row < height; row += TileRows)
            {
                SumTile(value + row, column, count, transposed, sums);
                Transposition.Write(sums, V.Lanes, TileRows, steps, products + targets[stack] + row, StepFloats);
            }

            value += count * height;
            column += count;
        }
    }

    /// <summary>Four rows of a stack for all steps of a tile.</summary>
    /// <param name="sums">Written: [row][step].</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SumTile(float* value, ushort* column, int count, float* transposed, float* sums)
    {
        var even0 = V.Broadcast(0);
        var (even1, even2, even3) = (even0, even0, even0);
        var (odd0, odd1, odd2, odd3) = (even0, even0, even0, even0);
        var blockFloats = height;
        for (; count >= 2; count -= 2)
        {
            var x0 = V.Load(transposed + (column[0] * V.Lanes));
            even0 = V.MultiplyAdd(V.Broadcast(value[0]), x0, even0);
            even1 = V.MultiplyAdd(V.Broadcast(value[1]), x0, even1);
            even2 = V.MultiplyAdd(V.Broadcast(value[2]), x0, even2);
            even3 = V.MultiplyAdd(V.Broadcast(value[3]), x0, even3);
            value += blockFloats;
            var x1 = V.Load(transposed + (column[1] * V.Lanes));
            odd0 = V.MultiplyAdd(V.Broadcast(value[0]), x1, odd0);
            odd1 = V.MultiplyAdd(V.Broadcast(value[1]), x1, odd1);
            odd2 = V.MultiplyAdd(V.Broadcast(value[2]), x1, odd2);
            odd3 = V.MultiplyAdd(V.Broadcast(value[3]), x1, odd3);
            value += blockFloats;
            column += 2;
        }

        if (count > 0)
        {
            var x0 = V.Load(transposed + (*column * V.Lanes));
            even0 = V.MultiplyAdd(V.Broadcast(value[0]), x0, even0);
            even1 = V.MultiplyAdd(V.Broadcast(value[1]), x0, even1);
            even2 = V.MultiplyAdd(V.Broadcast(value[2]), x0, even2);
            even3 = V.MultiplyAdd(V.Broadcast(value[3]), x0, even3);
        }

        (even0 + odd0).Store(sums);
        (even1 + odd1).Store(sums + V.Lanes);
        (even2 + odd2).Store(sums + (2 * V.Lanes));
        (even3 + odd3).Store(sums + (3 * V.Lanes));
    }
}
