using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Methods.BlockSparse;

/// <summary>
/// Blocks of rows in one column, in bytes with a scale a row. Four blocks of a stack go into one dot product: each lane has a row's
/// four weights, and the four bytes of x that they read are put together for all lanes.
/// </summary>
/// <typeparam name="V">What the cell works with.</typeparam>
/// <typeparam name="B">The rows of a block, or a part of them.</typeparam>
internal sealed unsafe class Int8BlockSparseMatrix<V, B> : GatewiseMatrix<V>
    where V : unmanaged, IVector<V>
    where B : unmanaged, IDotVector<B>
{
    // [stack][group of four blocks][row][block]; of groups that are not full, zeros.
    private readonly Aligned<sbyte> values;
    private readonly Aligned<ushort> columns;
    private readonly Aligned<float> scales;
    private readonly Aligned<float> zeros = new(B.Lanes);

    // What the sums begin with: what B's offset to x has added to them, taken off.
    private readonly Aligned<int> starts;
    private readonly int[] groups;
    private readonly int height;
    private readonly int stacks;

    /// <param name="weights">[blocks, height]</param>
    /// <param name="rowScales">[gates * stacks, height]</param>
    /// <param name="columnIndices">[blocks]</param>
    /// <param name="offsets">[gates * stacks + 1]</param>
    public Int8BlockSparseMatrix(
        BlockSparseStructure structure, ReadOnlySpan<sbyte> weights, ReadOnlySpan<float> rowScales, ReadOnlySpan<ushort> columnIndices,
        ReadOnlySpan<uint> offsets)
        : base(structure.Gates, structure.Rows, structure.Columns)
    {
        height = structure.Height;
        stacks = structure.Stacks;
        groups = new int[structure.Gates * stacks];
        for (var stack = 0; stack < groups.Length; stack++)
        {
            groups[stack] = Int8Operand.Groups((int)(offsets[stack + 1] - offsets[stack]));
        }

        var all = groups.Sum();
        values = new Aligned<sbyte>(all * 4 * height);
        columns = new Aligned<ushort>(all * 4);
        scales = new Aligned<float>(rowScales.Length);
        rowScales.CopyTo(scales.Span);
        starts = new Aligned<int>(rowScales.Length);
        var place = 0;
        for (var stack = 0; stack < groups.Length; stack++)
        {
            for (var block = (int)offsets[stack]; block < (int)offsets[stack + 1]; block++)
            {
                var index = block - (int)offsets[stack];
                columns.Span[place + index] = columnIndices[block];
                for (var row = 0; row < height; row++)
                {
                    var weight = weights[(block * height) + row];
                    values.Span[((place + (index & -4)) * height) + (4 * row) + (index % 4)] = weight;
                    starts.Span[(stack * height) + row] -= B.Offset * weight;
                }
            }

            place += 4 * groups[stack];
        }
    }

    public override long ResidentBytes =>
        values.Bytes + columns.Bytes + scales.Bytes + zeros.Bytes + starts.Bytes + (groups.Length * sizeof(int));

    protected override int ProductScratchFloats(int steps) => Int8Operand.Floats(Columns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Product(float* x, float* products, float* scratch)
    {
        Int8Operand.Write<B>(x, Columns, scratch);
        var bytes = (byte*)Int8Operand.Bytes(scratch);
        var xScale = Int8Operand.Scale(scratch);
        var value = values.Pointer;
        var column = columns.Pointer;
        for (var stack = 0; stack < groups.Length; stack++)
        {
            var count = groups[stack];
            var target = products + (stack / stacks * GateFloats) + (stack % stacks * height);
            for (var part = 0; part < height; part += B.Lanes)
            {
                var row = (stack * height) + part;
                Sum(value + (4 * part), column, count, bytes, B.Load(starts.Pointer + row)).Finish(zeros.Pointer, scales.Pointer + row, xScale, target + part);
            }

            value += count * 4 * height;
            column += count * 4;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private B Sum(sbyte* value, ushort* column, int count, byte* x, B start)
    {
        var (even, odd) = (start, B.Broadcast(0));
        var group = 0;
        for (; group <= count - 2; group += 2)
        {
            even = B.Dot(B.Load(value), Four(x, column), even);
            odd = B.Dot(B.Load(value + (4 * height)), Four(x, column + 4), odd);
            value += 8 * height;
            column += 8;
        }

        return group < count ? B.Dot(B.Load(value), Four(x, column), even) + odd : even + odd;
    }

    // One load for all indices.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static B Four(byte* x, ushort* columns)
    {
        var four = *(ulong*)columns;
        return B.Broadcast(x[(ushort)four] | (x[(ushort)(four >> 16)] << 8) | (x[(ushort)(four >> 32)] << 16) | (x[four >> 48] << 24));
    }
}
