using Fleet.Domain.Reasons;

namespace Fleet.Campaigns.Leases;

public sealed record DeviceReport
{
    public required string Run { get; init; }

    public required string Session { get; init; }

    public required ulong Epoch { get; init; }

    public required string Variant { get; init; }

    public required string ModelSha256 { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>JSON of a <c>RunMeasurement</c>; empty where the run failed.</summary>
    public required ReadOnlyMemory<byte> Measurement { get; init; }

    /// <summary>Why the run could not be done; null where it was.</summary>
    public required Reason? Failure { get; init; }
}

public enum ReportDecision
{
    Stored,
    Superseded,
    Rejected,
    Retry,
}

public sealed record ReportReply(ReportDecision Outcome, string Reason);
