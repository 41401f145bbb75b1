using System.Globalization;

namespace Fleet.Kernels.Structures;

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
}
