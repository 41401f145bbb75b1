using Fleet.Protocol.Results;

namespace Fleet.Protocol.Api;

/// <summary><c>GET /api/campaigns/{id}/table</c>: the rows with what the analysis says of them.</summary>
public sealed record CampaignTable
{
    public required CampaignSummary Summary { get; init; }
    /// <summary>Each run's row, without the ratios that may not be compared: of emulated boards, of invalid runs, and to an invalid reference.</summary>
    public required IReadOnlyList<TableRow> Rows { get; init; }
    /// <summary>The same taken together over seeds and replicates, a table for each task, device and condition.</summary>
    public IReadOnlyList<ConditionTable> Conditions { get; init; } = [];
    /// <summary>Why no run could be ranked; null where one could, or none has ended.</summary>
    public UnrankedCampaign? Unranked { get; init; }
    /// <summary>The campaign asks for the published claims to be judged.</summary>
    public bool ClaimsAsked { get; init; }
    /// <summary>What was published of hmd, judged by these rows; empty where the campaign does not ask, has no hmd, or nothing to compare it with.</summary>
    public IReadOnlyList<ClaimVerdict> Claims { get; init; } = [];

    /// <summary>Short name of the variant that the advice says to ship in place of the reference, of mode window first; null where it names none.</summary>
    public string? Winner() => Conditions
        .OrderByDescending(condition => condition.Mode == "window")
        .Select(condition => condition.Advice)
        .FirstOrDefault(advice => advice.Kind == AdviceKinds.Ship)?.Variant;
}

public sealed record TableRow
{
    public required ResultRow Row { get; init; }
    /// <summary>Its variant is the best beyond doubt, as in <see cref="StandingWords.Best"/>.</summary>
    public required bool ParetoBest { get; init; }
    /// <summary>reference | same | faster | slower | inconclusive; null where latency may not be ranked</summary>
    public string? Verdict { get; init; }
}

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
    public required string Metric { get; init; }
    /// <summary>Short name of the variant that the others are compared with.</summary>
    public required string Reference { get; init; }
    /// <summary>p50 | mean</summary>
    public required string LatencyName { get; init; }
    public required Advice Advice { get; init; }
    /// <summary>Fastest first, then those without a valid latency.</summary>
    public required IReadOnlyList<VariantResult> Variants { get; init; }
}

/// <summary>A number with its interval: of one run that of its measurement, of several the mean with Student's interval over them.</summary>
public sealed record IntervalOf(double Value, double? Low, double? High);

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
    /// <summary>The least sound of its runs': valid | suspect | invalid | failed</summary>
    public required string Validity { get; init; }
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

/// <summary>As <see cref="VariantResult.Standing"/> spells them.</summary>
public static class StandingWords
{
    /// <summary>Every other is slower or worse beyond doubt, by intervals of 95 %.</summary>
    public const string Best = "best";
    public const string NotToldApart = "not told apart";
    public const string Beaten = "beaten";
}

/// <summary>Which variant to ship, or why that cannot be said.</summary>
/// <param name="Kind"><see cref="AdviceKinds"/></param>
/// <param name="Variant">Short name of what to ship; null where that cannot be said.</param>
/// <param name="Text">In one or a few sentences.</param>
public sealed record Advice(string Kind, string? Variant, string Text);

/// <summary>As <see cref="Advice.Kind"/> spells them.</summary>
public static class AdviceKinds
{
    /// <summary>A variant that is faster than the reference and loses nothing.</summary>
    public const string Ship = "ship";

    /// <summary>The reference: nothing is faster, or what is faster loses more than the margin.</summary>
    public const string Keep = "keep";

    /// <summary>The intervals allow both.</summary>
    public const string Undecided = "undecided";

    /// <summary>The board is emulated, the reference is missing or invalid, or nothing has a valid latency.</summary>
    public const string NotRanked = "not-ranked";
}

/// <summary>What is to be said of a campaign of which no run could be ranked.</summary>
/// <param name="Text">That it is so, with how many runs ended how.</param>
/// <param name="Reasons">Why, the most frequent first.</param>
/// <param name="WayOut">What to do.</param>
public sealed record UnrankedCampaign(string Text, IReadOnlyList<ReasonCount> Reasons, string WayOut);

/// <summary>How many runs have a reason.</summary>
/// <param name="Code">As in a row's reasons.</param>
/// <param name="Runs">Runs that have it.</param>
/// <param name="Text">The reason in words.</param>
public sealed record ReasonCount(string Code, int Runs, string Text);
