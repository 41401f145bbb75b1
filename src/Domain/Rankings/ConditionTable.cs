using Fleet.Domain.Measuring;

namespace Fleet.Domain.Rankings;

/// <summary>The variants of one task, device and condition.</summary>
public sealed record ConditionTable
{
    public required string Task { get; init; }
    public required string Device { get; init; }
    public required string Board { get; init; }
    public required string Arch { get; init; }
    public required string Isa { get; init; }
    /// <summary>Then nothing is ranked: there are no ratios, verdicts of time, or standings.</summary>
    public required bool Emulated { get; init; }
    public required string Runtime { get; init; }
    public required string Engine { get; init; }
    public required string Mode { get; init; }
    public required string Phase { get; init; }
    public required string Clock { get; init; }
    /// <summary>What was asked for beyond mode, phase and clock: <c>little cores</c>; empty where nothing was.</summary>
    public string Setting { get; init; } = "";
    public required string Metric { get; init; }
    /// <summary>Short name of the variant that the others are compared with.</summary>
    public required string Reference { get; init; }
    /// <summary>p50 | mean</summary>
    public required string LatencyName { get; init; }
    public required Advice Advice { get; init; }
    /// <summary>Fastest first, then those without a valid latency.</summary>
    public required IReadOnlyList<VariantResult> Variants { get; init; }
}

/// <summary>A variant over its seeds and replicates.</summary>
public sealed record VariantResult
{
    public required string Name { get; init; }
    public required string Method { get; init; }
    public required string Precision { get; init; }
    public required int Seeds { get; init; }
    public required int Runs { get; init; }
    /// <summary>Runs whose latency counts.</summary>
    public required int RunsTimed { get; init; }
    /// <summary>The least sound of its runs'.</summary>
    public required Validity Validity { get; init; }
    public IntervalOf? Metric { get; init; }
    /// <summary>What the metric is better by than the reference's, paired by seed, with a 90 % interval.</summary>
    public IntervalOf? MetricGain { get; init; }
    /// <summary>reference | better | no loss | loss | undecided; null where there is nothing to compare</summary>
    public string? MetricVerdict { get; init; }
    public IntervalOf? LatencyUs { get; init; }
    public IntervalOf? Ratio { get; init; }
    /// <summary>reference | same | faster | slower | inconclusive; null where latency may not be ranked</summary>
    public string? Verdict { get; init; }
    /// <summary><see cref="StandingWords"/>; null where latency may not be ranked</summary>
    public string? Standing { get; init; }
    public long? ModelBytes { get; init; }
    public double? Compression { get; init; }
}

/// <summary>A number with its interval: of one run that of its measurement, of several the mean with Student's interval over them.</summary>
public sealed record IntervalOf(double Value, double? Low, double? High);

/// <summary>As <see cref="VariantResult.Standing"/> spells them.</summary>
public static class StandingWords
{
    /// <summary>Every other is slower or worse beyond doubt, by intervals of 95 %.</summary>
    public const string Best = "best";
    public const string NotToldApart = "not told apart";
    public const string Beaten = "beaten";
}
