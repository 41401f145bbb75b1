using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Matrices;

/// <summary><see cref="BlockSparseMatrix{V, B}"/> with weights in bytes, a scale a row: a block is widened to integers as it is read.</summary>
/// <typeparam name="V">What the cell works with.</typeparam>
/// <typeparam name="B">A block, or a part of one; its <see cref="IDotVector{T}.Offset"/> is 0.</typeparam>
internal sealed unsafe class Int8BlockSparseMatrix<V, B> : GatewiseMatrix<V>
    where V : unmanaged, IVector<V>
    where B : unmanaged, IDotVector<B>, IWideningDot<B>
{
    private readonly Aligned<sbyte> values;
    private readonly Aligned<ushort> columns;
    private readonly Aligned<float> scales;
    private readonly Aligned<float> zeros = new(B.Lanes);
    private readonly int[] lengths;
    private readonly int height;
    private readonly int stacks;

    /// <param name="weights">[blocks, height]</param>
    /// <param name="rowScales">[gates * stacks, height]</param>
    /// <param name="columnIndices">[blocks]</param>
    /// <param name="offsets">[gates * stacks + 1]</param>
    public Int8BlockSparseMatrix(
        BlockSparseStructure structure, ReadOnlySpan<sbyte> weights, ReadOnlySpan<float> rowScales, ReadOnlySpan<ushort> columnIndices, ReadOnlySpan<uint> offsets)
        : base(structure.Gates, structure.Rows, structure.Columns)
    {
        height = structure.Height;
        stacks = structure.Stacks;
        values = Copy(weights);
        columns = Copy(columnIndices);
        scales = Copy(rowScales);
        lengths = new int[structure.Gates * stacks];
        for (var stack = 0; stack < lengths.Length; stack++)
        {
            lengths[stack] = (int)(offsets[stack + 1] - offsets[stack]);
        }
    }

    public override long ResidentBytes => values.Bytes + columns.Bytes + scales.Bytes + zeros.Bytes + (lengths.Length * sizeof(int));

    // The quantised x, and it in integers.
    protected override int ProductScratchFloats(int steps) => Int8Operand.Floats(Columns) + Columns;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Product(float* x, float* products, float* scratch)
    {
        Int8Operand.Write<B>(x, Columns, scratch);
        var integers = (int*)(scratch + Int8Operand.Floats(Columns));
        Int8Operand.Widen(scratch, Columns, integers, 1);
        var xScale = Int8Operand.Scale(scratch);
        var value = values.Pointer;
        var column = columns.Pointer;
        for (var stack = 0; stack < lengths.Length; stack++)
        {
            var length = lengths[stack];
            var target = products + (stack / stacks * GateFloats) + (stack % stacks * height);
            for (var part = 0; part < height; part += B.Lanes)
            {
                Sum(value + part, column, length, integers).Finish(zeros.Pointer, scales.Pointer + (stack * height) + part, xScale, target + part);
            }

            value += length * height;
            column += length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private B Sum(sbyte* value, ushort* column, int length, int* x)
    {
        var sum0 = B.Broadcast(0);
        var sum1 = sum0;
        var block = 0;
        for (; block <= length - 2; block += 2)
        {
            sum0 = B.MultiplyAdd(B.Widen(value), B.Broadcast(x[column[block]]), sum0);
            sum1 = B.MultiplyAdd(B.Widen(value + height), B.Broadcast(x[column[block + 1]]), sum1);
            value += 2 * height;
        }

        return block < length ? B.MultiplyAdd(B.Widen(value), B.Broadcast(x[column[block]]), sum0) + sum1 : sum0 + sum1;
    }

    private static Aligned<T> Copy<T>(ReadOnlySpan<T> source)
        where T : unmanaged
    {
        var copy = new Aligned<T>(source.Length);
        source.CopyTo(copy.Span);
        return copy;
    }
}
