using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Ports;

/// <summary>
/// Lists of what there is, for those who do not know a key: grains own the truth and write their line here after each change.
/// Reading is cheap.
/// </summary>
public interface IFleetIndex
{
    /// <summary>As this silo knows them now, without waiting: for instruments that are read at a scrape.</summary>
    IReadOnlyCollection<CampaignEntry> Campaigns { get; }

    /// <summary>As this silo knows them now, without waiting.</summary>
    IReadOnlyCollection<DeviceEntry> Devices { get; }

    /// <summary>As this silo knows them now, without waiting.</summary>
    IReadOnlyCollection<JobEntry> Jobs { get; }

    Task SaveAsync(CampaignEntry entry, CancellationToken cancel);

    Task SaveAsync(DeviceEntry entry, CancellationToken cancel);

    Task SaveAsync(JobEntry entry, CancellationToken cancel);

    /// <summary>Forgets the device. One that is not there is no error.</summary>
    Task RemoveDeviceAsync(string device, CancellationToken cancel);

    ValueTask<IReadOnlyList<CampaignEntry>> CampaignsAsync(CancellationToken cancel);

    ValueTask<IReadOnlyList<DeviceEntry>> DevicesAsync(CancellationToken cancel);

    ValueTask<IReadOnlyList<JobEntry>> JobsAsync(CancellationToken cancel);
}

/// <param name="Devices">Tags that a device must have.</param>
/// <param name="SecondsPerRun">What a run took on average, sessions' overhead included; null until one session has ended.</param>
public sealed record CampaignEntry(CampaignSummary Summary, string Digest, int Priority, IReadOnlyList<string> Devices, string Task, double? SecondsPerRun);

/// <param name="State">As in <see cref="DeviceSummary.State"/>, when it was last seen.</param>
/// <param name="AskedAt">When it last asked for work; null where it never has.</param>
/// <param name="Campaign">The campaign that it held a session of when it was last seen; null where it held none.</param>
public sealed record DeviceEntry(
    DeviceDescription Description, DeviceStatus State, DateTimeOffset LastSeen, DateTimeOffset? AskedAt = null, string? Campaign = null)
{
    /// <summary>The state by now, for every list and page that names one: what it was when last heard of, unless that is too long ago.</summary>
    // Of a time that is yet to come, the clock was set back since: whoever is there says so within seconds.
    public DeviceStatus StateAt(DateTimeOffset now, TimeSpan silence) => (now - LastSeen).Duration() > silence ? DeviceStatus.Silent : State;
}

/// <param name="DemandedAt">When somebody first wanted the variant.</param>
public sealed record JobEntry(JobSummary Summary, Recipe Recipe, TrainedModel? Model, DateTimeOffset DemandedAt);
