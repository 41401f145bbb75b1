using System.Collections.Immutable;
using Fleet.Domain.Devices;
using Fleet.Domain.Reasons;

namespace Fleet.Grains.Devices;

/// <summary>One device: what it is, its lease, its reports. Its key is the device's UUID.</summary>
[Alias("fleet.IDeviceGrain")]
public interface IDeviceGrain : IGrainWithStringKey
{
    /// <summary>Enrols the device, or brings it back with the session that it still holds, if any.</summary>
    [Alias("Enrol")]
    Task<EnrolAnswer> EnrolAsync(DeviceDescription description, HeldLease? held);

    [Alias("Heartbeat")]
    Task<HeartbeatReply> HeartbeatAsync(DeviceHeartbeat heartbeat);

    /// <summary>A device that asks is free: a lease that it held is over.</summary>
    /// <param name="undelivered">Runs whose results it has and could not deliver yet.</param>
    [Alias("RequestWork")]
    Task<WorkReply> RequestWorkAsync(ImmutableHashSet<string> undelivered);

    [Alias("Report")]
    Task<ReportReply> ReportAsync(DeviceReport report);

    [Alias("EndSession")]
    Task EndSessionAsync(SessionEnd end);

    [Alias("Summary")]
    Task<DeviceSummary?> SummaryAsync();

    /// <summary>Another agent with this identity was turned away.</summary>
    [Alias("Rival")]
    Task RivalAsync(RivalAgent rival);

    /// <summary>
    /// Forgets the device: it is in no list any longer, and campaigns let go of it. If its agent comes back it enrols as a new one; results
    /// of sessions that it was granted before are still taken. False where there is no such device.
    /// </summary>
    [Alias("Remove")]
    Task<bool> RemoveAsync();
}

[GenerateSerializer, Immutable, Alias("fleet.held-lease")]
public sealed record HeldLease([property: Id(0)] string Session, [property: Id(1)] ulong Epoch);

/// <param name="LeaseLost">Why the session that the agent thought it held is not its own any longer.</param>
[GenerateSerializer, Immutable, Alias("fleet.enrol-answer")]
public sealed record EnrolAnswer([property: Id(0)] string? LeaseLost);

[GenerateSerializer, Immutable, Alias("fleet.device-heartbeat")]
public sealed record DeviceHeartbeat
{
    /// <summary>As <see cref="DeviceStates"/> spells it.</summary>
    [Id(0)] public required string State { get; init; }

    [Id(1)] public required HeldLease? Held { get; init; }

    /// <summary>Of the session, 0 to 1.</summary>
    [Id(2)] public required double Progress { get; init; }

    [Id(3)] public required string Activity { get; init; }

    [Id(4)] public required ImmutableSortedDictionary<string, double> Telemetry { get; init; }
}

/// <summary>Both null where the device holds nothing.</summary>
[GenerateSerializer, Immutable, Alias("fleet.heartbeat-reply")]
public sealed record HeartbeatReply([property: Id(0)] DateTimeOffset? LeaseUntil, [property: Id(1)] string? LeaseLost);

/// <summary>A lease, or why there is none and when to ask again.</summary>
[GenerateSerializer, Immutable, Alias("fleet.work-reply")]
public sealed record WorkReply
{
    [Id(0)] public GrantedSession? Granted { get; init; }

    [Id(1)] public DateTimeOffset Until { get; init; }

    /// <summary>Bytes of the test set.</summary>
    [Id(2)] public long TestBytes { get; init; }

    [Id(3)] public string Reason { get; init; } = "";

    [Id(4)] public TimeSpan RetryAfter { get; init; }
}

[GenerateSerializer, Immutable, Alias("fleet.device-report")]
public sealed record DeviceReport
{
    [Id(0)] public required string Run { get; init; }

    [Id(1)] public required string Session { get; init; }

    [Id(2)] public required ulong Epoch { get; init; }

    [Id(3)] public required string Variant { get; init; }

    [Id(4)] public required string ModelSha256 { get; init; }

    [Id(5)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>JSON of a <c>RunMeasurement</c>; empty where the run failed.</summary>
    [Id(6)] public required ReadOnlyMemory<byte> Measurement { get; init; }

    /// <summary>Why the run could not be done; null where it was.</summary>
    [Id(7)] public required Reason? Failure { get; init; }
}

[GenerateSerializer, Alias("fleet.report-outcome")]
public enum ReportOutcome
{
    Stored,
    Superseded,
    Rejected,
    Retry,
}

[GenerateSerializer, Immutable, Alias("fleet.report-reply")]
public sealed record ReportReply([property: Id(0)] ReportOutcome Outcome, [property: Id(1)] string Reason);

/// <param name="Failure">Empty when every run was answered.</param>
/// <param name="Interrupted">The agent was asked to stop.</param>
[GenerateSerializer, Immutable, Alias("fleet.session-end")]
public sealed record SessionEnd([property: Id(0)] HeldLease Held, [property: Id(1)] string Failure, [property: Id(2)] bool Interrupted);

/// <summary>As <see cref="DeviceSummary.State"/> spells them.</summary>
public static class DeviceStates
{
    public const string Idle = "idle";
    public const string Preparing = "preparing";
    public const string Waiting = "waiting";
    public const string Measuring = "measuring";
    public const string Silent = "silent";

    /// <summary>Of a device that a campaign knows and the fleet does no longer.</summary>
    public const string Removed = "removed";
}
