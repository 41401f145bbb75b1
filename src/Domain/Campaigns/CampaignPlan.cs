namespace Fleet.Domain.Campaigns;

/// <summary>What a campaign would do. Times are null until something like it was trained or measured here.</summary>
public sealed record CampaignPlan
{
    public required string Name { get; init; }
    public required IReadOnlyList<PlannedVariant> Variants { get; init; }
    public required IReadOnlyList<PlannedDevice> Devices { get; init; }
    public required int Runs { get; init; }
    /// <summary>From what like it took here; null where nothing was trained here yet.</summary>
    public double? TrainingSeconds { get; init; }
    /// <summary>From how long runs of the task took here; null where none was measured yet.</summary>
    public double? DeviceSeconds { get; init; }
    /// <summary>What the limits of time in the campaign's file allow each device for measuring, sessions' overhead not included.</summary>
    public double? DeviceSecondsAtMost { get; init; }
}

public sealed record PlannedVariant
{
    public required string Variant { get; init; }
    public required string Name { get; init; }
    public required string Task { get; init; }
    public required string Method { get; init; }
    public required double Compression { get; init; }
    public required long Parameters { get; init; }
    public required long Seed { get; init; }
    /// <summary>Trained already; nothing to do.</summary>
    public required bool Ready { get; init; }
}

public sealed record PlannedDevice
{
    public required string Device { get; init; }
    public required string Name { get; init; }
    public required string Board { get; init; }
    public required string Arch { get; init; }
    public required int Runs { get; init; }
}
