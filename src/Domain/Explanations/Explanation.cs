namespace Fleet.Domain.Explanations;

/// <summary><c>GET /api/why/{name}</c>: why a campaign, a device or a run stands where it stands, in plain words.</summary>
public sealed record Explanation
{
    public required ExplanationSubject Kind { get; init; }
    public required string Id { get; init; }
    /// <summary>For people: a run's is made of its variant, mode and device.</summary>
    public required string Name { get; init; }
    /// <summary>Of a campaign or device as in its summary; of a run its validity, or open.</summary>
    public required string State { get; init; }
    /// <summary>What weighs most comes first; never empty.</summary>
    public required IReadOnlyList<Cause> Causes { get; init; }
}

public sealed record Cause
{
    public required CauseKind Kind { get; init; }
    public required string Text { get; init; }
    /// <summary>What a person can do; null where nothing needs doing.</summary>
    public string? WayOut { get; init; }
}
