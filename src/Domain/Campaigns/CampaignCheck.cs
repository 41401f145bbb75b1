namespace Fleet.Domain.Campaigns;

public sealed record CampaignCheck
{
    public required IReadOnlyList<FileProblem> Problems { get; init; }
    /// <summary>Tasks whose packed data must be bound before the campaign, or all those of a suite, can be planned or started.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }
    /// <summary>The campaigns of a suite, in the file's order; empty where the file is one campaign.</summary>
    public IReadOnlyList<BenchmarkCheck> Benchmarks { get; init; } = [];
    /// <summary>The trained model that must be bound as well; null where the campaign trains its own, and for a suite.</summary>
    public ModelImport? Import { get; init; }
}

/// <summary>One campaign of a suite.</summary>
public sealed record BenchmarkCheck
{
    public required string Name { get; init; }
    /// <summary>Those of its tasks whose data must be bound.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }
}

/// <summary>A mistake in a file, in the words that a person sees: <c>SOURCE:LINE:COLUMN: MESSAGE</c>, then the way out.</summary>
public sealed record FileProblem
{
    public required string Source { get; init; }
    public int? Line { get; init; }
    public int? Column { get; init; }
    public required string Message { get; init; }
    public string? Suggestion { get; init; }
}
