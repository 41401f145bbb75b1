using Fleet.Grains.Devices;
using Fleet.Protocol.Api;
using Fleet.Protocol.Training;

namespace Fleet.Grains.Ports;

/// <summary>
/// Lists of what there is, for those who do not know a key: grains own the truth and write their line here after each change.
/// Reading is cheap.
/// </summary>
public interface IFleetIndex
{
    Task SaveAsync(CampaignEntry entry, CancellationToken cancel);

    Task SaveAsync(DeviceEntry entry, CancellationToken cancel);

    Task SaveAsync(JobEntry entry, CancellationToken cancel);

    ValueTask<IReadOnlyList<CampaignEntry>> CampaignsAsync(CancellationToken cancel);

    ValueTask<IReadOnlyList<DeviceEntry>> DevicesAsync(CancellationToken cancel);

    ValueTask<IReadOnlyList<JobEntry>> JobsAsync(CancellationToken cancel);
}

/// <param name="Devices">Tags that a device must have.</param>
/// <param name="SecondsPerRun">What a run took on average, sessions' overhead included; null until one session has ended.</param>
public sealed record CampaignEntry(CampaignSummary Summary, string Digest, int Priority, IReadOnlyList<string> Devices, string Task, double? SecondsPerRun);

/// <param name="State">As in <see cref="DeviceSummary.State"/>, when it was last seen.</param>
public sealed record DeviceEntry(DeviceDescription Description, string State, DateTimeOffset LastSeen);

/// <param name="DemandedAt">When somebody first wanted the variant.</param>
public sealed record JobEntry(JobSummary Summary, Recipe Recipe, TrainedModel? Model, DateTimeOffset DemandedAt);
