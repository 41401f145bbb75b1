using Fleet.Analysis.Comparing;
using Fleet.Protocol.Results;

namespace Fleet.Analysis.Ranking;

/// <summary>A variant in one condition: its rows (seeds and replicates) taken together.</summary>
public sealed record VariantPoint
{
    public required string Name { get; init; }
    public required string Method { get; init; }
    /// <summary>fp32 | int8</summary>
    public string Precision => Rows[0].Precision;
    /// <summary>Rows that count: measured, and not invalid.</summary>
    public required IReadOnlyList<ResultRow> Rows { get; init; }
    public required Estimate Metric { get; init; }
    public required Estimate LatencyMicroseconds { get; init; }
    /// <summary>Null for the reference, and where it was not measured beside it.</summary>
    public Estimate? Ratio { get; init; }
    public Verdict? Verdict { get; init; }
    public bool ParetoBest { get; init; }
    /// <summary>Some row is suspect.</summary>
    public bool Suspect => Rows.Any(row => row.Validity == "suspect");
}
