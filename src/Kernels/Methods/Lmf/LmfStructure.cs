using System.Globalization;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Structures.Products;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Methods.Lmf;

/// <summary>
/// Low-rank matrix factorisation: W = U V with inner dimension <paramref name="Rank"/>, for each gate its own V, or one V for all
/// the gates stacked (<paramref name="Shared"/>).
/// </summary>
/// <remarks>Parameters: d (m + n) a gate; shared, d (gates m + n). Source: Grachev et al. 2017.</remarks>
public sealed record LmfStructure(int Gates, int Rows, int Columns, int Rank, bool Shared) : MatrixStructure(Gates, Rows, Columns)
{
    public const string Name = "lmf";

    public override string Method => Name;

    public override long Parameters => Shared
        ? (long)Rank * ((Gates * Rows) + Columns)
        : (long)Gates * Rank * (Rows + Columns);

    public override long Macs => Parameters;

    /// <summary>u[gates * rows, d]; v[gates * d, columns] gate by gate, or v[d, columns] when shared.</summary>
    public override IReadOnlyList<TensorSpec> Tensors =>
    [
        new("u", ElementType.F32, Gates * Rows, Rank),
        new("v", ElementType.F32, (Shared ? 1 : Gates) * Rank, Columns),
    ];

    public override IReadOnlyDictionary<string, string> Arguments => new Dictionary<string, string>
    {
        ["d"] = Rank.ToString(CultureInfo.InvariantCulture),
        ["shared"] = Shared ? "true" : "false",
    };

    /// <summary>z = V x for all gates in one product, then U z, for each gate or, where they share V, for all of them.</summary>
    public override T Product<T>(IProductOperations<T> operations, T x)
    {
        var parts = Shared ? 1 : Gates;
        var partRows = Gates * Rows / parts;
        var inner = operations.Split(operations.Multiply(x, MatrixFactor.Stored("v", parts * Rank, Columns)), parts);
        return operations.Concat(
            [.. inner.Select((z, part) => operations.Multiply(z, MatrixFactor.Stored($"u.{part}", "u", part * partRows, partRows, Rank)))]);
    }

    internal override WeightMatrix Pack<V>(Func<string, Tensor> tensor) => new LmfMatrix<V>(this, tensor("u").Floats, tensor("v").Floats);

    internal override WeightMatrix PackInt8<V, D>(Int8Tensors tensors) => new Int8LmfMatrix<D>(
        this,
        Stacked<V, D>((Shared ? 1 : Gates) * Rank, Columns, tensors.Bytes("v"), tensors.Scales("v")),
        new UnitOrder(Gates, Rows, V.Lanes),
        tensors.Bytes("u"),
        tensors.Scales("u"));
}

internal sealed class LmfMethod : IWeightMethod
{
    private static readonly MethodParameter Shared = new("shared", "false", "true | false", "one V for all gates");

    public string Name => LmfStructure.Name;

    public IReadOnlyList<MethodParameter> Parameters => [Shared];

    public MatrixStructure? Fit(int gates, int rows, int columns, long budget, IReadOnlyDictionary<string, string> arguments)
    {
        var one = One(gates, rows, columns, arguments);
        var rank = Math.Min(budget / one.Parameters, MaxRank(one));
        return rank >= 1 ? one with { Rank = (int)rank } : null;
    }

    public (long Min, long Max) Range(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var one = One(gates, rows, columns, arguments);
        return (one.Parameters, (one with { Rank = MaxRank(one) }).Parameters);
    }

    public MatrixStructure Restore(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments)
    {
        var one = One(gates, rows, columns, arguments);
        return one with { Rank = MethodArguments.Required(arguments, "d", 1, MaxRank(one)) };
    }

    private static LmfStructure One(int gates, int rows, int columns, IReadOnlyDictionary<string, string> arguments) =>
        new(gates, rows, columns, 1, MethodArguments.Boolean(arguments, Shared));

    private static int MaxRank(LmfStructure one) => Math.Min(one.Shared ? one.Gates * one.Rows : one.Rows, one.Columns);
}
