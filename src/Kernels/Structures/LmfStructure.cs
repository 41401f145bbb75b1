using System.Globalization;

namespace Fleet.Kernels.Structures;

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
}
