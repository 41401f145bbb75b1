using System.Globalization;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Methods.Pruned;

/// <summary>Unstructured sparsity: <paramref name="NonZeros"/> weights anywhere, stored as compressed sparse rows with 16-bit column indices.</summary>
/// <remarks>Source of the training schedule: Zhu and Gupta 2017.</remarks>
public sealed record PrunedStructure(int Gates, int Rows, int Columns, int NonZeros) : MatrixStructure(Gates, Rows, Columns)
{
    public const string Name = "pruned";

    public override string Method => Name;

    public override long Parameters => NonZeros;

    public override long Macs => NonZeros;

    /// <summary>values[nnz]; columns[nnz], ascending within a row; row_offsets[gates * rows + 1], from 0 to nnz.</summary>
    public override IReadOnlyList<TensorSpec> Tensors =>
    [
        new("values", ElementType.F32, NonZeros),
        new("columns", ElementType.U16, NonZeros),
        new("row_offsets", ElementType.U32, (Gates * Rows) + 1),
    ];

    public override IReadOnlyDictionary<string, string> Arguments => new Dictionary<string, string>
    {
        ["non_zeros"] = NonZeros.ToString(CultureInfo.InvariantCulture),
        ["sparsity"] = (1 - ((double)NonZeros / ((long)Gates * Rows * Columns))).ToString("0.####", CultureInfo.InvariantCulture),
    };

    public override IReadOnlyList<int> ScaleShape(TensorSpec spec) => [Gates * Rows];

    public override Func<int, int> ScaleIndex(TensorSpec spec, Func<string, Tensor> tensor)
    {
        var rows = CompressedRows.Rows(tensor("row_offsets").Words32);
        return element => rows[element];
    }

    public override TensorFault? FindFault(Func<string, Tensor> tensor) =>
        CompressedRows.FindFault(tensor("row_offsets").Words32, tensor("columns").Words16, Columns);

    public override T Product<T>(IProductOperations<T> operations, T x) => operations.Multiply(x, new SparseFactor("weight", Gates * Rows, Columns, 1));

    // Where each lane is loaded by itself, a vector wider than four gains nothing.
    internal override WeightMatrix Pack<V>(Func<string, Tensor> tensor) =>
        V.Lanes == 1 ? Pack<V, ScalarVector>(tensor) : Pack<V, V128>(tensor);

    internal override WeightMatrix PackInt8<V, D>(Int8Tensors tensors) => V.Lanes switch
    {
        1 => PackInt8<V, ScalarDot, ScalarDot>(tensors),
        16 when Dot512.IsSupported => PackInt8<V, Dot128, Dot512>(tensors),
        >= 8 when Dot256.IsSupported => PackInt8<V, Dot128, Dot256>(tensors),
        _ => PackInt8<V, Dot128, Dot128>(tensors),
    };

    private Int8PrunedMatrix<V, TGather, TSteps> PackInt8<V, TGather, TSteps>(Int8Tensors tensors)
        where V : unmanaged, IVector<V>
        where TGather : unmanaged, IDotVector<TGather>, IGatherDot<TGather>
        where TSteps : unmanaged, IDotVector<TSteps> =>
        new(this, tensors.Bytes("values"), tensors.Scales("values"), tensors.Words16("columns"), tensors.Words32("row_offsets"));

    private PrunedMatrix<V, TGather> Pack<V, TGather>(Func<string, Tensor> tensor)
        where V : unmanaged, IVector<V>
        where TGather : unmanaged, IVector<TGather>, IGather<TGather> =>
        new(this, tensor("values").Floats, tensor("columns").Words16, tensor("row_offsets").Words32);
}

internal sealed class PrunedMethod : IWeightMethod
{
    public string Name => PrunedStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [];

    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments)
    {
        var (min, max) = Range(gates, rows, columns, arguments);
        return budget >= min ? new PrunedStructure(gates, rows, columns, (int)Math.Min(budget, max)) : null;
    }

    // A weight a row, or the row has nothing to say.
    public (long Min, long Max) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) =>
        ((long)gates * rows, Math.Min((long)gates * rows * columns, int.MaxValue));

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) => new PrunedStructure(
        gates,
        rows,
        columns,
        MethodArguments.Required(arguments, "non_zeros", 0, (int)Math.Min((long)gates * rows * columns, int.MaxValue)));
}
