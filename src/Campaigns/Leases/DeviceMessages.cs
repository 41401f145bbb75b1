using System.Collections.Immutable;
using Fleet.Domain.Devices;

namespace Fleet.Campaigns.Leases;

public sealed record HeldLease(string Session, ulong Epoch);

/// <param name="LeaseLost">Why the session that the agent thought it held is not its own any longer.</param>
public sealed record EnrolAnswer(string? LeaseLost);

public sealed record DeviceHeartbeat
{
    public required DeviceStatus State { get; init; }

    public required HeldLease? Held { get; init; }

    /// <summary>Of the session, 0 to 1.</summary>
    public required double Progress { get; init; }

    public required string Activity { get; init; }

    public required ImmutableSortedDictionary<string, double> Telemetry { get; init; }
}

/// <summary>Both null where the device holds nothing.</summary>
public sealed record HeartbeatReply(DateTimeOffset? LeaseUntil, string? LeaseLost);

/// <summary>A lease, or why there is none and when to ask again.</summary>
public sealed record WorkReply
{
    public GrantedSession? Granted { get; init; }

    public DateTimeOffset Until { get; init; }

    /// <summary>Bytes of the test set.</summary>
    public long TestBytes { get; init; }

    public string Reason { get; init; } = "";

    public TimeSpan RetryAfter { get; init; }
}

/// <param name="Failure">Empty when every run was answered.</param>
/// <param name="Interrupted">The agent was asked to stop.</param>
public sealed record SessionEnd(HeldLease Held, string Failure, bool Interrupted);
