using Fleet.Protocol.Api;

namespace Fleet.Grains.Devices;

/// <summary>A device as people see it.</summary>
internal static class DeviceSummaries
{
    public static DeviceSummary Of(DeviceState state, DeviceHeartbeat? latest, DateTimeOffset lastSeen, DateTimeOffset leaseUntil, DateTimeOffset now, LeaseOptions options)
    {
        var device = state.Description!;
        var silent = now - lastSeen > options.Silence;
        return new DeviceSummary
        {
            Device = device.Device,
            Name = device.Name,
            State = silent ? DeviceStates.Silent : latest?.State ?? DeviceStates.Idle,
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
            Campaign = state.Held?.Offer.Campaign,
            Session = state.Held?.Session,
            LeaseUntil = state.Held is null || leaseUntil == default ? null : leaseUntil,
            Activity = silent ? "" : latest?.Activity ?? "",
            Progress = silent ? 0 : latest?.Progress ?? 0,
            Telemetry = latest?.Telemetry.ToDictionary() ?? [],
            RunsDone = state.RunsDone,
        };
    }
}
