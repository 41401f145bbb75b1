using Fleet.Domain.Rankings;
using Fleet.Domain.Results;

namespace Fleet.Domain.Campaigns;

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
