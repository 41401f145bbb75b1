using Fleet.Kernels.Matrices;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Structures;

/// <summary>Every weight is free.</summary>
public sealed record DenseStructure(int Gates, int Rows, int Columns) : MatrixStructure(Gates, Rows, Columns)
{
    public const string Name = "dense";

    public override string Method => Name;

    public override long Parameters => (long)Gates * Rows * Columns;

    public override long Macs => Parameters;

    /// <summary>weight[gates * rows, columns].</summary>
    public override IReadOnlyList<TensorSpec> Tensors => [new("weight", ElementType.F32, Gates * Rows, Columns)];

    public override IReadOnlyDictionary<string, string> Arguments => new Dictionary<string, string>();

    /// <summary>One product for all gates.</summary>
    public override T Product<T>(IProductOperations<T> operations, T x) =>
        operations.Multiply(x, MatrixFactor.Stored("weight", Gates * Rows, Columns));

    internal override WeightMatrix Pack<V>(Func<string, Tensor> tensor) => new DenseMatrix<V>(Gates, Rows, Columns, tensor("weight").Floats);

    internal override WeightMatrix PackInt8<V, D>(Int8Tensors tensors) =>
        new Int8DenseMatrix<D>(new UnitOrder(Gates, Rows, V.Lanes), Columns, tensors.Bytes("weight"), tensors.Scales("weight"));
}

internal sealed class DenseMethod : IWeightMethod
{
    public string Name => DenseStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [];

    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments)
    {
        var dense = new DenseStructure(gates, rows, columns);
        return dense.Parameters <= budget ? dense : null;
    }

    public (long Min, long Max) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var parameters = new DenseStructure(gates, rows, columns).Parameters;
        return (parameters, parameters);
    }

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) =>
        new DenseStructure(gates, rows, columns);
}
