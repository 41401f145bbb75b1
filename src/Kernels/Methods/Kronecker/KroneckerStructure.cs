using System.Globalization;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Methods.Kronecker;

/// <summary>
/// Of each gate, W = B kron C without the rows and columns beyond the matrix: B is <paramref name="OuterRows"/> x
/// <paramref name="OuterColumns"/>, C is <see cref="InnerRows"/> x <see cref="InnerColumns"/>, and
/// W[i1 m2 + i2, j1 n2 + j2] = B[i1, j1] C[i2, j2]. W x = vec(C X B'), with X the columns of x: C X first, then by B'.
/// </summary>
/// <remarks>Parameters of one gate: m1 n1 + m2 n2; multiplications: n1 m2 n2 + m1 n1 m2. Source: Thakker et al., arXiv 1906.02876.</remarks>
public sealed record KroneckerStructure(int Gates, int Rows, int Columns, int OuterRows, int OuterColumns) : MatrixStructure(Gates, Rows, Columns)
{
    public const string Name = "kronecker";

    public override string Method => Name;

    /// <summary>m2: the least for which m1 m2 rows are enough.</summary>
    public int InnerRows => (Rows + OuterRows - 1) / OuterRows;

    /// <summary>n2, likewise.</summary>
    public int InnerColumns => (Columns + OuterColumns - 1) / OuterColumns;

    /// <summary>Floats of C X for all columns of X and of one sum of them, each padded: what a product of one gate works with.</summary>
    internal long IntermediateFloats => (OuterColumns + 1L) * WeightMatrix.Padded(InnerRows);

    public override long Parameters => Gates * (((long)OuterRows * OuterColumns) + ((long)InnerRows * InnerColumns));

    public override long Macs => (long)Gates * OuterColumns * InnerRows * (InnerColumns + OuterRows);

    /// <summary>b[gates, m1, n1]; c[gates, m2, n2].</summary>
    public override IReadOnlyList<TensorSpec> Tensors =>
    [
        new("b", ElementType.F32, Gates, OuterRows, OuterColumns),
        new("c", ElementType.F32, Gates, InnerRows, InnerColumns),
    ];

    public override IReadOnlyDictionary<string, string> Arguments => new Dictionary<string, string>
    {
        ["m1"] = OuterRows.ToString(CultureInfo.InvariantCulture),
        ["n1"] = OuterColumns.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// x, filled up with zeros, as a matrix X of n1 rows; X C' for all gates in one product; then for each gate B times that, whose rows
    /// one behind the other are the result, without those beyond the matrix.
    /// </summary>
    public override T Product<T>(IProductOperations<T> operations, T x)
    {
        var matrix = operations.Fold(x, Columns, OuterColumns, InnerColumns);
        var inner = operations.Split(operations.Multiply(matrix, MatrixFactor.Stored("c", Gates * InnerRows, InnerColumns)), Gates);
        return operations.Join(
            [.. inner.Select((product, gate) => operations.Unfold(
                operations.MultiplyRows(MatrixFactor.Stored($"b.{gate}", "b", gate * OuterRows, OuterRows, OuterColumns), product),
                OuterRows,
                InnerRows,
                Rows))],
            x,
            Gates * Rows);
    }

    internal override WeightMatrix Pack<V>(Func<string, Tensor> tensor) =>
        new KroneckerMatrix<V>(this, tensor("b").Floats, gate => new DenseMatrix<V>(1, InnerRows, InnerColumns, Inner(tensor("c").Floats, gate, InnerColumns)));

    // b meets the segments C x, which are floats: so it is multiplied as what it stands for.
    internal override WeightMatrix PackInt8<V, D>(Int8Tensors tensors) => new KroneckerMatrix<V>(
        this,
        tensors.Dequantised(this, "b"),
        gate => Stacked<V, D>(InnerRows, InnerColumns, Inner(tensors.Bytes("c"), gate, InnerColumns), Inner(tensors.Scales("c"), gate, 1)));

    private ReadOnlySpan<T> Inner<T>(ReadOnlySpan<T> c, int gate, int rowLength) => c.Slice(gate * InnerRows * rowLength, InnerRows * rowLength);
}

internal sealed class KroneckerMethod : IWeightMethod
{
    // 256 MB: a small file may name factors that are themselves small, but whose C X is not.
    private const long MaxIntermediateFloats = 1 << 26;

    public string Name => KroneckerStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [];

    // The most parameters that fit, and of those the factors with the fewest multiplications.
    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments) =>
        All(gates, rows, columns).Where(shape => shape.Parameters <= budget).MaxBy(shape => (shape.Parameters, -shape.Macs));

    public (long Min, long Max) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) =>
        (All(gates, rows, columns).Min(shape => shape.Parameters), All(gates, rows, columns).Max(shape => shape.Parameters));

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) =>
        Stored(gates, rows, columns, arguments);

    /// <summary>What a stored matrix's m1 and n1 say.</summary>
    /// <exception cref="MethodArgumentException">One is missing or out of range, or their product would take too much memory.</exception>
    public static KroneckerStructure Stored(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var structure = new KroneckerStructure(
            gates,
            rows,
            columns,
            MethodArguments.Required(arguments, "m1", 1, rows),
            MethodArguments.Required(arguments, "n1", 1, columns));
        return structure.IntermediateFloats <= MaxIntermediateFloats
            ? structure
            : throw new MethodArgumentException(
                "n1",
                $"n1 is {structure.OuterColumns} with m1 {structure.OuterRows}:"
                    + $" a product with {rows} x {columns} weights would work with {structure.IntermediateFloats} floats, more than {MaxIntermediateFloats}."
                    + " A smaller n1 or a larger m1 takes less.");
    }

    // All outer factors but that of one weight, which would leave the matrix dense. For each extent of the inner factor only the
    // smallest outer one: a larger one would store weights of which no row or column is left. None that could not be restored.
    private static IEnumerable<KroneckerStructure> All(int gates, int rows, int columns) =>
        from outerRows in Extents(rows)
        from outerColumns in Extents(columns)
        where (long)outerRows * outerColumns > 1 || (long)rows * columns == 1
        let shape = new KroneckerStructure(gates, rows, columns, outerRows, outerColumns)
        where shape.IntermediateFloats <= MaxIntermediateFloats
        select shape;

    private static IEnumerable<int> Extents(int whole) =>
        Enumerable.Range(1, whole).Where(outer => outer == 1 || (whole + outer - 1) / outer < (whole + outer - 2) / (outer - 1));
}
