using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// Blocks of rows in one column: a block's weights are a vector, which is multiplied with the one x that it reads, and added to the
/// sums of its stack of rows. Nothing is gathered.
/// </summary>
/// <typeparam name="V">What the cell works with.</typeparam>
/// <typeparam name="B">A block, or a part of one.</typeparam>
internal sealed unsafe class BlockSparseMatrix<V, B> : GatewiseMatrix<V>
    where V : unmanaged, IVector<V>
    where B : unmanaged, IVector<B>
{
    // Of one part of all stacks after the other: [part][block][lane].
    private readonly Aligned<float> values;
    private readonly Aligned<ushort> columns;

    // Of each stack of rows its blocks, and where its sums go.
    private readonly int[] lengths;
    private readonly int[] targets;
    private readonly int parts;
    private readonly int blocks;

    /// <param name="weights">[blocks, height]</param>
    /// <param name="columnIndices">[blocks]</param>
    /// <param name="offsets">[gates * stacks + 1]</param>
    public BlockSparseMatrix(BlockSparseStructure structure, ReadOnlySpan<float> weights, ReadOnlySpan<ushort> columnIndices, ReadOnlySpan<uint> offsets)
        : base(structure.Gates, structure.Rows, structure.Columns)
    {
        parts = structure.Height / B.Lanes;
        blocks = structure.Blocks;
        values = new Aligned<float>(weights.Length);
        columns = new Aligned<ushort>(columnIndices.Length);
        columnIndices.CopyTo(columns.Span);
        for (var block = 0; block < blocks; block++)
        {
            for (var part = 0; part < parts; part++)
            {
                weights.Slice((block * structure.Height) + (part * B.Lanes), B.Lanes).CopyTo(values.Span[(((part * blocks) + block) * B.Lanes)..]);
            }
        }

        lengths = new int[structure.Gates * structure.Stacks];
        targets = new int[lengths.Length];
        for (var stack = 0; stack < lengths.Length; stack++)
        {
            lengths[stack] = (int)(offsets[stack + 1] - offsets[stack]);
            targets[stack] = (stack / structure.Stacks * GateFloats) + (stack % structure.Stacks * structure.Height);
        }
    }

    public override long ResidentBytes => values.Bytes + columns.Bytes + ((lengths.Length + targets.Length) * sizeof(int));

    protected override int ProductScratchFloats(int steps) => 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Product(float* x, float* products, float* scratch)
    {
        for (var part = 0; part < parts; part++)
        {
            var value = values.Pointer + ((long)part * blocks * B.Lanes);
            var column = columns.Pointer;
            for (var stack = 0; stack < lengths.Length; stack++)
            {
                var sum0 = B.Broadcast(0);
                var sum1 = sum0;
                var sum2 = sum0;
                var sum3 = sum0;
                var length = lengths[stack];
                for (; length >= 4; length -= 4)
                {
                    sum0 = B.MultiplyAdd(B.Load(value), B.Broadcast(x[column[0]]), sum0);
                    sum1 = B.MultiplyAdd(B.Load(value + B.Lanes), B.Broadcast(x[column[1]]), sum1);
                    sum2 = B.MultiplyAdd(B.Load(value + (2 * B.Lanes)), B.Broadcast(x[column[2]]), sum2);
                    sum3 = B.MultiplyAdd(B.Load(value + (3 * B.Lanes)), B.Broadcast(x[column[3]]), sum3);
                    value += 4 * B.Lanes;
                    column += 4;
                }

                for (; length > 0; length--)
                {
                    sum0 = B.MultiplyAdd(B.Load(value), B.Broadcast(x[*column]), sum0);
                    value += B.Lanes;
                    column++;
                }

                ((sum0 + sum1) + (sum2 + sum3)).Store(products + targets[stack] + (part * B.Lanes));
            }
        }
    }
}
