using System.Globalization;
using System.Runtime.Intrinsics.X86;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Methods.BlockSparse;

/// <summary>
/// Sparsity in blocks: the rows of each gate are taken <paramref name="Height"/> at a time, and of a column such a stack of rows has
/// either all its weights or none. One index serves a block, and a block fills a vector.
/// </summary>
/// <param name="Height">Rows in a block: 4 or 8. A gate's last stack may have fewer; its blocks are stored whole all the same.</param>
/// <param name="Blocks">Blocks that are stored.</param>
public sealed record BlockSparseStructure(int Gates, int Rows, int Columns, int Height, int Blocks) : MatrixStructure(Gates, Rows, Columns)
{
    public const string Name = "block-sparse";

    public override string Method => Name;

    public override long Parameters => (long)Blocks * Height;

    public override long Macs => Parameters;

    /// <summary>Stacks of rows in a gate.</summary>
    public int Stacks => (Rows + Height - 1) / Height;

    /// <summary>
    /// values[blocks, height], row by row of the stacked stacks of all gates; columns[blocks], ascending within a stack; row_offsets[gates
    /// * stacks + 1].
    /// </summary>
    public override IReadOnlyList<TensorSpec> Tensors =>
    [
        new("values", ElementType.F32, Blocks, Height),
        new("columns", ElementType.U16, Blocks),
        new("row_offsets", ElementType.U32, (Gates * Stacks) + 1),
    ];

    public override IReadOnlyDictionary<string, string> Arguments => new Dictionary<string, string>
    {
        ["height"] = Height.ToString(CultureInfo.InvariantCulture),
        ["blocks"] = Blocks.ToString(CultureInfo.InvariantCulture),
        ["sparsity"] = (1 - ((double)Blocks / ((long)Gates * Stacks * Columns))).ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>Of a stack its rows.</summary>
    public override IReadOnlyList<int> ScaleShape(TensorSpec spec) => [Gates * Stacks, Height];

    public override Func<int, int> ScaleIndex(TensorSpec spec, Func<string, Tensor> tensor)
    {
        var stacks = CompressedRows.Rows(tensor("row_offsets").Words32);
        return element => (stacks[element / Height] * Height) + (element % Height);
    }

    public override TensorFault? FindFault(Func<string, Tensor> tensor) =>
        CompressedRows.FindFault(tensor("row_offsets").Words32, tensor("columns").Words16, Columns);

    /// <summary>With the rows that fill up each gate's last stack; what those give is cut off.</summary>
    public override T Product<T>(IProductOperations<T> operations, T x)
    {
        var product = operations.Multiply(x, new SparseFactor("weight", Gates * Stacks * Height, Columns, Height));
        return Stacks * Height == Rows ? product : operations.Concat([.. operations.Split(product, Gates).Select(gate => operations.Slice(gate, 0, Rows))]);
    }

    // As many blocks as a vector has room for, or a part of one. Asked of the instructions by name, a binary made ahead of time leaves
    // out the widths that its processors never have.
    internal override WeightMatrix Pack<V>(Func<string, Tensor> tensor) => V.Lanes switch
    {
        1 => Pack<V, OneBlock<ScalarVector>>(tensor),
        16 when Avx512F.IsSupported => Height == 8 ? Pack<V, TwoBlocksOfEight>(tensor) : Pack<V, FourBlocksOfFour>(tensor),
        8 when Avx2.IsSupported => Height == 8 ? Pack<V, OneBlock<V256>>(tensor) : Pack<V, TwoBlocksOfFour>(tensor),
        _ => Pack<V, OneBlock<V128>>(tensor),
    };

    // A block is one vector where there is one so short, else several.
    internal override WeightMatrix PackInt8<V, D>(Int8Tensors tensors)
    {
        if (D.Lanes <= Height)
        {
            return PackBlocks<V, D>(tensors);
        }

        if (Height == 8 && Dot256.IsSupported)
        {
            return PackBlocks<V, Dot256>(tensors);
        }

        return VnniDot128.IsSupported ? PackBlocks<V, VnniDot128>(tensors) : PackBlocks<V, Dot128>(tensors);
    }

    private Int8BlockSparseMatrix<V, TBlock> PackBlocks<V, TBlock>(Int8Tensors tensors)
        where V : unmanaged, IVector<V>
        where TBlock : unmanaged, IDotVector<TBlock> =>
        new(this, tensors.Bytes("values"), tensors.Scales("values"), tensors.Words16("columns"), tensors.Words32("row_offsets"));

    private BlockSparseMatrix<V, TBlock> Pack<V, TBlock>(Func<string, Tensor> tensor)
        where V : unmanaged, IVector<V>
        where TBlock : unmanaged, IBlocks<TBlock> =>
        new(this, tensor("values").Floats, tensor("columns").Words16, tensor("row_offsets").Words32);
}

internal sealed class BlockSparseMethod : IWeightMethod
{
    private static readonly MethodParameter Height = new("height", "4", "4 | 8", "rows in a block");

    public string Name => BlockSparseStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [Height];

    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments)
    {
        var height = ReadHeight(arguments);
        var (min, max) = Range(gates, rows, columns, arguments);
        return budget >= min ? new BlockSparseStructure(gates, rows, columns, height, (int)(Math.Min(budget, max) / height)) : null;
    }

    // A block a stack, or its rows have nothing to say.
    public (long Min, long Max) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var height = ReadHeight(arguments);
        var stacks = (long)gates * new BlockSparseStructure(gates, rows, columns, height, 0).Stacks;
        return (stacks * height, Math.Min(stacks * columns * height, int.MaxValue));
    }

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var height = ReadHeight(arguments);
        var max = Range(gates, rows, columns, arguments).Max / height;
        return new BlockSparseStructure(gates, rows, columns, height, MethodArguments.Required(arguments, "blocks", 0, (int)max));
    }

    private static int ReadHeight(IReadOnlyDictionary<string, string> arguments) => MethodArguments.Choice(arguments, Height, 4, 8);
}
