using Fleet.Kernels.Matrices;
using Fleet.Kernels.Methods.Kronecker;
using Fleet.Kernels.Methods.Pruned;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Methods.DopedKronecker;

/// <summary>W = B kron C + S: a Kronecker product, and a very sparse matrix that corrects it where it matters most.</summary>
/// <remarks>Source: arXiv 2001.08896 (abstract).</remarks>
public sealed record DopedKroneckerStructure(
    int Gates, int Rows, int Columns, int OuterRows, int OuterColumns, int NonZeros) : MatrixStructure(Gates, Rows, Columns)
{
    public const string Name = "doped-kronecker";

    public override string Method => Name;

    public KroneckerStructure Kronecker => new(Gates, Rows, Columns, OuterRows, OuterColumns);

    public PrunedStructure Dope => new(Gates, Rows, Columns, NonZeros);

    public override long Parameters => Kronecker.Parameters + Dope.Parameters;

    public override long Macs => Kronecker.Macs + Dope.Macs;

    /// <summary>Those of the Kronecker product, then those of the sparse matrix.</summary>
    public override IReadOnlyList<TensorSpec> Tensors => [.. Kronecker.Tensors, .. Dope.Tensors];

    public override IReadOnlyDictionary<string, string> Arguments => new Dictionary<string, string>(Kronecker.Arguments.Concat(Dope.Arguments));

    public override TensorFault? FindFault(Func<string, Tensor> tensor) => Dope.FindFault(tensor);

    public override IReadOnlyList<int> ScaleShape(TensorSpec spec) => Part(spec).ScaleShape(spec);

    public override Func<int, int> ScaleIndex(TensorSpec spec, Func<string, Tensor> tensor) => Part(spec).ScaleIndex(spec, tensor);

    public override T Product<T>(IProductOperations<T> operations, T x) => operations.Add(Kronecker.Product(operations, x), Dope.Product(operations, x));

    internal override WeightMatrix Pack<V>(Func<string, Tensor> tensor) => new SumMatrix(Kronecker.Pack<V>(tensor), Dope.Pack<V>(tensor));

    internal override WeightMatrix PackInt8<V, D>(Int8Tensors tensors) => new SumMatrix(Kronecker.PackInt8<V, D>(tensors), Dope.PackInt8<V, D>(tensors));

    private MatrixStructure Part(TensorSpec spec) => Kronecker.Tensors.Any(part => part.Name == spec.Name) ? Kronecker : Dope;
}

internal sealed class DopedKroneckerMethod : IWeightMethod
{
    private static readonly MethodParameter Dope = new("dope", "50", "1 to 99", "percent of the parameters that the sparse matrix takes");

    private static readonly KroneckerMethod Kronecker = new();
    private static readonly Dictionary<string, string> None = [];

    public string Name => DopedKroneckerStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [Dope];

    // What the Kronecker product leaves of its share goes to the sparse matrix.
    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments)
    {
        var share = 100 - MethodArguments.Integer(arguments, Dope, 1, 99);
        var min = Kronecker.Range(gates, rows, columns, None).Min;
        if (budget <= min)
        {
            return null;
        }

        var product = (KroneckerStructure)Kronecker.Fit(gates, rows, columns, Math.Max(min, budget * share / 100), None)!;
        var nonZeros = (int)Math.Min(budget - product.Parameters, MaxNonZeros(gates, rows, columns));
        return new DopedKroneckerStructure(gates, rows, columns, product.OuterRows, product.OuterColumns, nonZeros);
    }

    public (long Min, long Max) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        MethodArguments.Integer(arguments, Dope, 1, 99);
        var (min, max) = Kronecker.Range(gates, rows, columns, None);
        return (min + 1, max + MaxNonZeros(gates, rows, columns));
    }

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var product = KroneckerMethod.Stored(gates, rows, columns, arguments);
        var nonZeros = MethodArguments.Required(arguments, "non_zeros", 0, MaxNonZeros(gates, rows, columns));
        return new DopedKroneckerStructure(gates, rows, columns, product.OuterRows, product.OuterColumns, nonZeros);
    }

    private static int MaxNonZeros(int gates, int rows, int columns) => (int)Math.Min((long)gates * rows * columns, int.MaxValue);
}
