using System.Collections.Immutable;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Devices;
using Fleet.Domain.Reasons;

namespace Fleet.Campaigns.Running;

/// <summary>Who takes part in a running campaign, and who does so no longer.</summary>
public static class Departures
{
    /// <summary>
    /// Devices that take part from now on. One takes part when it asks for work, not by being there; one that is at work for another campaign
    /// has asked.
    /// </summary>
    public static IEnumerable<DeviceDescription> Joining(CampaignState state, IEnumerable<DeviceEntry> fleet, DateTimeOffset now, TimeSpan silence) =>
        from entry in fleet
        where entry.StateAt(now, silence) != DeviceStatus.Silent
            && (entry.Campaign is not null || entry.AskedAt >= state.CreatedAt)
            && !state.TakesPart(entry.Description.Device)
            && state.Departed(entry.Description.Device) is null
            && entry.Description.Matches(state.Specification!.Devices)
        select entry.Description;

    /// <summary>The devices that have left by now. What has been excluded stays so until it is taken back.</summary>
    /// <param name="fleet">Every enrolled device, by its id.</param>
    public static ImmutableArray<Departure> Of(CampaignState state, IReadOnlyDictionary<string, DeviceEntry> fleet, Attendance attendance, DateTimeOffset now)
    {
        var patience = state.Specification!.Patience;
        var excluded = state.Departures.Where(departure => departure.Excluded).ToArray();
        var left = from device in state.Devices
                   where excluded.All(departure => departure.Device != device.Device)
                   let departure = Of(device.Device, state.Departed(device.Device), fleet.GetValueOrDefault(device.Device), attendance, patience, now)
                   where departure is not null
                   select departure;
        return [.. excluded, .. left];
    }

    private static Departure? Of(string device, Departure? before, DeviceEntry? entry, Attendance attendance, TimeSpan patience, DateTimeOffset now)
    {
        if (entry is null)
        {
            return before is { Code: ReasonCodes.DeviceRemoved } || attendance.GraceOf(device) > TimeSpan.Zero
                ? before
                : new Departure(device, ReasonCodes.DeviceRemoved, now);
        }

        return before switch
        {
            // It has enrolled again; it takes part when it asks for work, as any new one does.
            { Code: ReasonCodes.DeviceRemoved } => entry.AskedAt > before.Since ? null : before,
            // It was heard of again, be it with the session that it still holds.
            { } silent when silent.Since != entry.LastSeen => null,
            { } silent => silent,
            null => attendance.Silent(device) >= patience ? new Departure(device, ReasonCodes.DeviceSilent, entry.LastSeen) : null,
        };
    }
}
