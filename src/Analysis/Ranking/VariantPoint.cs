using Fleet.Analysis.Comparing;
using Fleet.Domain.Measuring;
using Fleet.Domain.Results;
using Fleet.Statistics;

namespace Fleet.Analysis.Ranking;

/// <summary>A variant in one condition: its rows (seeds and replicates) taken together.</summary>
public sealed record VariantPoint
{
    public required string Name { get; init; }
    public required string Method { get; init; }
    /// <summary>fp32 | int8</summary>
    public string Precision => Rows[0].Precision;
    /// <summary>All of them, also those that failed.</summary>
    public required IReadOnlyList<ResultRow> Rows { get; init; }
    /// <summary>Those whose latency counts: measured, and not invalid.</summary>
    public required IReadOnlyList<ResultRow> Timed { get; init; }
    /// <summary>Null where no run got as far.</summary>
    public Estimate? Metric { get; init; }
    /// <summary>Null where no run's latency counts.</summary>
    public Estimate? LatencyMicroseconds { get; init; }
    /// <summary>Null for the reference, and where there is none to compare with.</summary>
    public Estimate? Ratio { get; init; }
    /// <summary>Of its time against the reference's.</summary>
    public Verdict? Verdict { get; init; }
    /// <summary>Of its metric against the reference's.</summary>
    public MetricVerdict? MetricVerdict { get; init; }
    /// <summary>Null where it is not ranked.</summary>
    public Standing? Standing { get; init; }
    public bool ParetoBest => Standing == Ranking.Standing.Best;
    /// <summary>The least sound of its rows' validities.</summary>
    public Validity Validity => Rows.Max(row => row.Validity);
    /// <summary>Some row that counts is suspect.</summary>
    public bool Suspect => Timed.Any(row => row.Validity == Validity.Suspect);
    public int Seeds => Rows.Select(row => row.Seed).Distinct().Count();

    /// <summary>By seed: the logarithm of its time, as a ratio to the reference where all have one.</summary>
    internal IReadOnlyDictionary<long, Evidence> Times { get; init; } = new Dictionary<long, Evidence>();

    /// <summary>By seed: the metric as a cost.</summary>
    internal IReadOnlyDictionary<long, Evidence> Costs { get; init; } = new Dictionary<long, Evidence>();

    /// <summary>It takes longer than the other, beyond doubt.</summary>
    internal bool IsSlowerThan(VariantPoint other) => Evidence.Difference(Times, other.Times, 0.95)?.Low > 0;

    /// <summary>Its metric is worse than the other's, beyond doubt.</summary>
    internal bool IsWorseThan(VariantPoint other) => Evidence.Difference(Costs, other.Costs, 0.95)?.Low > 0;
}
