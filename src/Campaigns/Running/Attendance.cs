using Fleet.Campaigns.Ports;

namespace Fleet.Campaigns.Running;

/// <summary>
/// How long each device has been silent, as the campaign itself has noticed it. Silence is counted from one look to the next by a clock that
/// only runs forward: neither a wall clock that is set, on the silo or at the time of the last start, nor a machine that slept makes
/// a device silent or keeps it from being so.
/// </summary>
public sealed class Attendance(TimeProvider time)
{
    /// <summary>What a device is given at least after the silo has started: it could not speak before, and tries to connect every 15 s.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>More than a few looks missed: the process stood still, and so could hear nobody.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (DateTimeOffset LastSeen, TimeSpan Silent)> noticed = [];
    private long? lookedAt;
    private TimeSpan watched;

    /// <summary>Takes in when each device was last heard of.</summary>
    /// <param name="patience">A device that the campaign sees for the first time is never as silent as to leave at once.</param>
    public void Look(IEnumerable<DeviceEntry> fleet, TimeSpan patience)
    {
        var passed = lookedAt is { } before ? time.GetElapsedTime(before) : TimeSpan.Zero;
        lookedAt = time.GetTimestamp();
        var step = passed > LongestStep ? TimeSpan.Zero : passed;
        watched += step;
        var longest = patience > Grace ? patience - Grace : TimeSpan.Zero;
        foreach (var entry in fleet)
        {
            var device = entry.Description.Device;
            noticed[device] = (entry.LastSeen, noticed.TryGetValue(device, out var last)
                ? last.LastSeen == entry.LastSeen ? last.Silent + step : TimeSpan.Zero
                : Clamp(time.GetUtcNow() - entry.LastSeen, longest));
        }
    }

    /// <summary>The device has just been heard of, whatever the list of devices says.</summary>
    public void Hear(string device) => noticed[device] = (noticed.GetValueOrDefault(device).LastSeen, TimeSpan.Zero);

    /// <summary>
    /// How much longer a device that is in no list may come back; nothing for one that has been in it since the silo started, for then
    /// it was removed. Else its line may be damaged, and its agent only has to connect again.
    /// </summary>
    public TimeSpan GraceOf(string device) => lookedAt is null || noticed.ContainsKey(device) || watched >= Grace ? TimeSpan.Zero : Grace - watched;

    public TimeSpan Silent(string device) => noticed.GetValueOrDefault(device).Silent;

    private static TimeSpan Clamp(TimeSpan silent, TimeSpan longest) => silent < TimeSpan.Zero ? TimeSpan.Zero : silent > longest ? longest : silent;
}
