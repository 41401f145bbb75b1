using System.Collections.Immutable;

namespace Fleet.Domain.Devices;

public sealed record DeviceSummary
{
    public required string Device { get; init; }
    public required string Name { get; init; }
    public required DeviceStatus State { get; init; }
    public required string Board { get; init; }
    public required string Arch { get; init; }
    public required string Isa { get; init; }
    public required int Cores { get; init; }
    public required long MemoryBytes { get; init; }
    public required string Os { get; init; }
    public required string Runtime { get; init; }
    public required bool Emulated { get; init; }
    public required string AgentVersion { get; init; }
    public required ImmutableSortedDictionary<string, string> Tags { get; init; }
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
