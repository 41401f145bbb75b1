using System.Collections.Immutable;
using Fleet.Campaigns.Leases;
using Fleet.Domain.Devices;

namespace Fleet.Grains.Contracts;

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
