using Fleet.Campaigns.Ports;
using Fleet.Domain.Devices;

namespace Fleet.Campaigns.Leases;

/// <summary>A device as people see it.</summary>
public static class DeviceSummaries
{
    /// <param name="entry">The device's line in the list of devices; null before it has one.</param>
    public static DeviceSummary Of(
        DeviceState state, DeviceEntry? entry, DeviceHeartbeat? latest, DateTimeOffset lastSeen, DateTimeOffset leaseUntil, DateTimeOffset now,
        LeaseOptions options)
    {
        var device = state.Description!;
        var doing = entry?.StateAt(now, options.Silence) ?? DeviceStatus.Idle;
        var silent = doing == DeviceStatus.Silent;
        // A lease that has run out is no hold on anything, though the device may still come back with it.
        var held = leaseUntil > now ? state.Held : null;
        return new DeviceSummary
        {
            Device = device.Device,
            Name = device.Name,
            State = doing,
            Board = device.Board,
            Arch = device.Arch,
            Isa = device.Isa,
            Cores = device.Cores,
            MemoryBytes = device.MemoryBytes,
            Os = device.Os,
            Runtime = device.Runtime,
            Emulated = device.Emulated,
            AgentVersion = device.AgentVersion,
            Tags = device.Tags(),
            LastSeen = lastSeen,
            Campaign = held?.Offer.Campaign,
            Session = held?.Session,
            LeaseUntil = held is null ? null : leaseUntil,
            Activity = silent ? "" : latest?.Activity ?? "",
            Progress = silent ? 0 : latest?.Progress ?? 0,
            Telemetry = latest?.Telemetry.ToDictionary() ?? [],
            RunsDone = state.RunsDone,
        };
    }
}
