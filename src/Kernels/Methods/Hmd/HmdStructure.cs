using System.Globalization;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Methods.Hmd;

/// <summary>
/// Hybrid matrix decomposition: of each gate, the upper <paramref name="Rich"/> rows are free and the other rows are
/// <paramref name="Blocks"/> rank-1 blocks side by side, [b1 c1' | ... | bk ck'].
/// y_upper = A x; s_j = c_j' x_j for each column block j; y_lower = sum_j b_j s_j.
/// </summary>
/// <remarks>Parameters of one gate: r n + k (m - r) + n. Source: arXiv 1906.04886 (abstract; k = 2 is this project's choice).</remarks>
public sealed record HmdStructure(int Gates, int Rows, int Columns, int Rich, int Blocks) : MatrixStructure(Gates, Rows, Columns)
{
    public const string Name = "hmd";

    public override string Method => Name;

    public override long Parameters => Gates * (((long)Rich * Columns) + ((long)Blocks * (Rows - Rich)) + Columns);

    public override long Macs => Parameters;

    /// <summary>
    /// rich[gates * r, columns], gate by gate; b[gates, k, rows - r]; c[gates, columns], the blocks' c side by side.
    /// </summary>
    public override IReadOnlyList<TensorSpec> Tensors =>
    [
        new("rich", ElementType.F32, Gates * Rich, Columns),
        new("b", ElementType.F32, Gates, Blocks, Rows - Rich),
        new("c", ElementType.F32, Gates, Columns),
    ];

    public override IReadOnlyDictionary<string, string> Arguments => new Dictionary<string, string>
    {
        ["r"] = Rich.ToString(CultureInfo.InvariantCulture),
        ["k"] = Blocks.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>First column of block <paramref name="block"/>; widths are as equal as they can be, the wider blocks first.</summary>
    public static int BlockStart(int columns, int blocks, int block) =>
        (block * (columns / blocks)) + Math.Min(block, columns % blocks);

    /// <summary>
    /// One product for the rich rows of all gates, one for every s_j = c_j' x_j (each c_j with zeros outside its block), and for each
    /// gate s B, whose rows are its b_j.
    /// </summary>
    public override T Product<T>(IProductOperations<T> operations, T x)
    {
        IReadOnlyList<T> upper = Rich == 0 ? [] : operations.Split(operations.Multiply(x, MatrixFactor.Stored("rich", Gates * Rich, Columns)), Gates);
        var sums = operations.Split(operations.Multiply(x, Sums()), Gates);
        var parts = new List<T>();
        for (var gate = 0; gate < Gates; gate++)
        {
            parts.AddRange(
                [.. upper.Skip(gate).Take(1), operations.Combine(sums[gate], MatrixFactor.Stored($"b.{gate}", "b", gate * Blocks, Blocks, Rows - Rich))]);
        }

        return operations.Concat(parts);
    }

    private MatrixFactor Sums()
    {
        var block = new int[Columns];
        for (var column = 1; column < Columns; column++)
        {
            block[column] = block[column - 1] + (column == BlockStart(Columns, Blocks, block[column - 1] + 1) ? 1 : 0);
        }

        return new MatrixFactor("c", "c", Gates * Blocks, Columns)
        {
            Element = (row, column) => row % Blocks == block[column] ? (row / Blocks * Columns) + column : MatrixFactor.Zero,
            Scale = row => row / Blocks,
        };
    }

    internal override WeightMatrix Pack<V>(Func<string, Tensor> tensor) =>
        new HmdMatrix<V>(
            this,
            new DenseMatrix<V>(1, HmdStack.Rows(this), Columns, HmdStack.Weights(this, tensor("rich").Floats, tensor("c").Floats)),
            tensor("b").Floats);

    // b meets the sums s, which are floats: so it is multiplied as what it stands for.
    internal override WeightMatrix PackInt8<V, D>(Int8Tensors tensors) => new HmdMatrix<V>(
        this,
        Stacked<V, D>(
            HmdStack.Rows(this),
            Columns,
            HmdStack.Weights(this, tensors.Bytes("rich"), tensors.Bytes("c")),
            HmdStack.Scales(this, tensors.Scales("rich"), tensors.Scales("c"))),
        tensors.Dequantised(this, "b"));
}

internal sealed class HmdMethod : IWeightMethod
{
    private static readonly MethodParameter Blocks = new("k", "2", "1 to 16, at most the columns", "rank-1 blocks side by side in the lower rows");

    public string Name => HmdStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [Blocks];

    // r n + k (m - r) + n <= P, solved for r.
    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments)
    {
        var k = MethodArguments.Integer(arguments, Blocks, 1, Math.Min(16, columns));
        var smallest = new HmdStructure(gates, rows, columns, 0, k);
        var left = (budget - smallest.Parameters) / gates;
        if (budget < smallest.Parameters)
        {
            return null;
        }

        var rich = columns > k ? Math.Min(left / (columns - k), rows - 1) : rows - 1;
        return smallest with { Rich = (int)rich };
    }

    public (long Min, long Max) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var k = MethodArguments.Integer(arguments, Blocks, 1, Math.Min(16, columns));
        return (new HmdStructure(gates, rows, columns, 0, k).Parameters, new HmdStructure(gates, rows, columns, rows - 1, k).Parameters);
    }

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) => new HmdStructure(
        gates,
        rows,
        columns,
        MethodArguments.Required(arguments, "r", 0, rows - 1),
        MethodArguments.Required(arguments, "k", 1, Math.Min(16, columns)));
}
