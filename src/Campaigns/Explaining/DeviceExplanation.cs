using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Text;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Explanations;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Explaining;

/// <summary>Why a device does what it does, or nothing.</summary>
public static class DeviceExplanation
{
    /// <param name="campaigns">The index's.</param>
    /// <param name="told">What running campaigns last told the device, by campaign.</param>
    public static Explanation Of(
        DeviceSummary device, IReadOnlyList<CampaignEntry> campaigns, IReadOnlyDictionary<string, string> told, DateTimeOffset now) => new()
    {
        Kind = ExplanationSubject.Device,
        Id = device.Device,
        Name = device.Name,
        State = device.State.Word(),
        Causes = [.. SameIdentity(device, now), .. Causes(device, [.. campaigns.Where(entry => entry.Summary.State == CampaignStatus.Running)], told, now)],
    };

    private static IEnumerable<Cause> SameIdentity(DeviceSummary device, DateTimeOffset now) => device.Rival is not { } rival ? [] :
    [
        new Cause
        {
            Kind = CauseKind.SameIdentity,
            Text = $"Another agent has the identity of {device.Name}: {rival.Name} at {rival.Address} was turned away at {Wording.Moment(rival.At, now)}.",
            WayOut = "Where a state folder or an SD card was copied, the copy needs an identity of its own:"
                + " on that board, stop the agent, fleet-agent reset-identity, and start it again.",
        },
    ];

    private static IEnumerable<Cause> Causes(DeviceSummary device, CampaignEntry[] running, IReadOnlyDictionary<string, string> told, DateTimeOffset now)
    {
        if (device.State == DeviceStatus.Silent)
        {
            return [DeviceCauses.Silent(device, now)];
        }

        if (device.Campaign is not null)
        {
            return [DeviceCauses.Busy(device)];
        }

        if (running.Length == 0)
        {
            return [DeviceCauses.Waits(device, "no campaign is running") with { WayOut = "Start one: fleet campaign run FILE" }];
        }

        return running.OrderBy(entry => entry.Summary.CreatedAt)
            .Select(entry => ForCampaign(device, entry, told.GetValueOrDefault(entry.Summary.Campaign) ?? ""));
    }

    private static Cause ForCampaign(DeviceSummary device, CampaignEntry entry, string told)
    {
        var campaign = entry.Summary.Campaign;
        var unmet = TagSelector.Unmet(device.Tags, entry.Devices).ToArray();
        var tags = unmet.Select(tag => $"that wants {tag.Key}={tag.Asked}, and it has {(tag.Has is null ? "no such tag" : $"{tag.Key}={tag.Has}")}");
        return unmet.Length == 0
            ? DeviceCauses.Waits(device, told.Length > 0 ? $"{campaign} says: {told}" : "")
            : new Cause
            {
                Kind = CauseKind.DeviceWaits,
                Text = $"{device.Name} is not asked by campaign {campaign}: {string.Join(" and ", tags)}.",
            };
    }
}
