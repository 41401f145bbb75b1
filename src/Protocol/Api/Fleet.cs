namespace Fleet.Protocol.Api;

public sealed record JobSummary
{
    /// <summary>The variant's key.</summary>
    public required string Variant { get; init; }
    public required string Name { get; init; }
    public required string Task { get; init; }
    /// <summary>Null where the job is of a version that did not say it.</summary>
    public long? Seed { get; init; }
    /// <summary>queued | waiting | training | ready | failed | cancelled</summary>
    public required string State { get; init; }
    public int? Epoch { get; init; }
    public int? Epochs { get; init; }
    public double? Loss { get; init; }
    public double? Validation { get; init; }
    public double? SecondsLeft { get; init; }
    public long? Parameters { get; init; }
    public double? Compression { get; init; }
    public string? ModelSha256 { get; init; }
    public string? Reason { get; init; }
}

public sealed record DeviceSummary
{
    public required string Device { get; init; }
    public required string Name { get; init; }
    /// <summary>idle | preparing | waiting | measuring | silent</summary>
    public required string State { get; init; }
    public required string Board { get; init; }
    public required string Arch { get; init; }
    public required string Isa { get; init; }
    public required int Cores { get; init; }
    public required long MemoryBytes { get; init; }
    public required string Os { get; init; }
    public required string Runtime { get; init; }
    public required bool Emulated { get; init; }
    public required string AgentVersion { get; init; }
    public required SortedDictionary<string, string> Tags { get; init; }
    public required DateTimeOffset LastSeen { get; init; }
    public string? Campaign { get; init; }
    public string? Session { get; init; }
    public DateTimeOffset? LeaseUntil { get; init; }
    public required string Activity { get; init; }
    public required double Progress { get; init; }
    public required IReadOnlyDictionary<string, double> Telemetry { get; init; }
    public required int RunsDone { get; init; }
    /// <summary>The last agent that had this device's identity and was turned away; null where there was none for a quarter of an hour.</summary>
    public RivalAgent? Rival { get; init; }
}

/// <summary>An agent that cannot take part, for its identity is that of another one, as after an SD card was copied.</summary>
public sealed record RivalAgent
{
    /// <summary>Of the board.</summary>
    public required string Name { get; init; }
    /// <summary>Where it connected from.</summary>
    public required string Address { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary><c>GET /api/info</c></summary>
public sealed record SiloDescription
{
    public required string Version { get; init; }
    public required string StateFolder { get; init; }
    /// <summary>Which folder that is (<see cref="Processes.StateIdentity"/>); null from a silo of an older version.</summary>
    public string? StateIdentity { get; init; }
    public required int ProcessId { get; init; }
    public required int Devices { get; init; }
    public required int ActiveCampaigns { get; init; }
}

/// <summary>RFC 9457 problem document, with the mistakes of a file where there are any.</summary>
public sealed record Problem
{
    public string Type { get; init; } = "about:blank";
    public required string Title { get; init; }
    public required int Status { get; init; }
    public string? Detail { get; init; }
    public IReadOnlyList<FileProblem>? Problems { get; init; }
}
