using Fleet.Domain.Tasks;

namespace Fleet.Domain.Campaigns;

/// <summary><c>POST /api/campaigns/check</c>: is this file sound, and what data does it want?</summary>
public sealed record CampaignFile
{
    /// <summary>The file's text (YAML).</summary>
    public required string Text { get; init; }
    /// <summary>How messages name the file: its path as the person gave it.</summary>
    public required string Source { get; init; }
    /// <summary>Of a suite, the benchmark that is meant; null where the file is one campaign, or all of it is to be checked.</summary>
    public string? Benchmark { get; init; }
    /// <summary>Every task is replaced by the one of its application whose data the product makes itself.</summary>
    public bool Synthetic { get; init; }
}

/// <summary><c>POST /api/campaigns</c> and <c>POST /api/campaigns/plan</c>.</summary>
public sealed record CampaignSubmission
{
    public required CampaignFile File { get; init; }
    public required IReadOnlyList<TaskData> Data { get; init; }
    /// <summary>Where the check named an import.</summary>
    public ImportedModel? Model { get; init; }
    /// <summary>False: an unfinished campaign of the very same content is taken up again. True: a new one is made.</summary>
    public bool AlwaysNew { get; init; }
}
