using Fleet.Cli.Data;
using Fleet.Domain.Campaigns;

namespace Fleet.Cli.Campaigns;

/// <summary>What <c>campaign run</c>, <c>quickstart</c> and <c>sweep</c> want done.</summary>
internal sealed record CampaignOrder
{
    public required CampaignFile File { get; init; }
    public required DataFolders Data { get; init; }
    /// <summary>Where results.json and report.html go, or null.</summary>
    public string? Out { get; init; }
    /// <summary>Measure anew, even where an unfinished campaign of the same content could be taken up.</summary>
    public bool AlwaysNew { get; init; }
    /// <summary>Leave it to a silo that stays.</summary>
    public bool Detach { get; init; }
    /// <summary>How a person starts the same again.</summary>
    public required string Again { get; init; }
    /// <summary>Ends with what the results come to and what to try next.</summary>
    public bool Explain { get; init; }
}
