using System.Globalization;
using Fleet.Campaigns.Text;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Explanations;
using Fleet.Domain.Reasons;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Explaining;

/// <summary>What a device has to do with it.</summary>
public static class DeviceCauses
{
    /// <summary>Why the device has not done all that a campaign wants of it.</summary>
    /// <param name="open">Runs that it still has to do.</param>
    /// <param name="told">What the campaign told it when it last asked; empty where it has not asked.</param>
    /// <param name="until">Until when the campaign waits for it where it is silent.</param>
    public static Cause Of(DeviceSummary device, string campaign, int open, string told, DateTimeOffset now, DateTimeOffset? until = null)
    {
        if (device.State == DeviceStatus.Silent)
        {
            var silent = Silent(device, now);
            return silent with
            {
                Text = $"{device.Name} has been silent since {Wording.Moment(device.LastSeen, now)},"
                    + $" and {Wording.Runs(open)} of it {(open == 1 ? "is" : "are")} open"
                    + (until is { } limit ? $"; the campaign waits for it until {Wording.Date(limit)}." : "."),
                WayOut = $"{silent.WayOut} To go on without it: fleet device exclude {campaign} {device.Name}",
            };
        }

        if (device.Campaign is { } other && other != campaign)
        {
            return Busy(device) with
            {
                WayOut = $"Wait for it, or pause the other campaign: fleet campaign pause {other}."
                    + " A higher priority in the campaign's file counts from the next session on.",
            };
        }

        return device.Campaign is not null ? Busy(device) : Waits(device, told);
    }

    /// <summary>The list of devices does not name it since the silo started, and it may still come back.</summary>
    public static Cause Unlisted(CampaignDeviceState part) => new()
    {
        Kind = CauseKind.DeviceSilent,
        Text = $"{part.Name} is {part.Activity}.",
        WayOut = "Is it switched on and on the network? What it has measured is in its journal, and is delivered when it is back.",
    };

    /// <summary>The campaign waits for it no longer.</summary>
    public static Cause Left(CampaignDeviceState part, string campaign)
    {
        var open = part.Runs - part.RunsClosed;
        return new Cause
        {
            Kind = CauseKind.DeviceLeft,
            Text = $"{part.Name} {part.Activity}; {Wording.Runs(open)} of it ended with that.",
            WayOut = part.Left switch
            {
                ReasonCodes.DeviceExcluded => $"Take it back: fleet device exclude {campaign} {part.Name} --undo",
                ReasonCodes.DeviceSilent =>
                    "If it comes back while the campaign runs, they are taken up again. What it has measured is in its journal, and is delivered then.",
                _ => "If its agent comes back while the campaign runs, it enrols as a new device and takes part again.",
            },
        };
    }

    public static Cause Silent(DeviceSummary device, DateTimeOffset now) => new()
    {
        Kind = CauseKind.DeviceSilent,
        Text = $"{device.Name} has been silent since {Wording.Moment(device.LastSeen, now)}.",
        WayOut = "Is it switched on and on the network? On the board, fleet-agent doctor --silo ADDRESS says what is in the way."
            + " What it has measured is in its journal, and is delivered when it is back.",
    };

    /// <summary>What it does under its lease.</summary>
    public static Cause Busy(DeviceSummary device)
    {
        var doing = device.Activity.Length > 0 ? device.Activity : device.State.Word();
        var lease = device.LeaseUntil is { } until ? $", lease until {Wording.Clock(until)} and renewed as long as it is heard of" : "";
        return new Cause
        {
            Kind = device.State == DeviceStatus.Measuring ? CauseKind.DeviceMeasures : CauseKind.DeviceBusy,
            Text = string.Create(
                CultureInfo.InvariantCulture,
                $"{device.Name} is at work for campaign {device.Campaign}: {doing} ({device.Progress:P0} of session {device.Session}{lease})."),
        };
    }

    /// <summary>Its own reason comes before the campaign's: a full disk, for one.</summary>
    public static Cause Waits(DeviceSummary device, string told)
    {
        var own = device.Activity is "" or "idle" ? null : device.Activity;
        var reason = own ?? (told.Length > 0 ? told : "it has not asked for work yet; that takes a moment");
        return new Cause { Kind = CauseKind.DeviceWaits, Text = $"{device.Name} waits: {reason.TrimEnd('.')}." };
    }

    /// <summary>No device has what is asked for: what each has in its place.</summary>
    public static Cause None(IReadOnlyCollection<string> asked, IReadOnlyCollection<DeviceSummary> devices)
    {
        if (devices.Count == 0)
        {
            return new Cause
            {
                Kind = CauseKind.NoDevice,
                Text = "No device has ever enrolled.",
                WayOut = "fleet up starts an agent on this machine; on a board, fleet-agent run --silo ADDRESS does.",
            };
        }

        var differences = devices.Select(device => $"{device.Name} {string.Join(" and ", TagSelector.Unmet(device.Tags, asked).Select(tag =>
            tag.Has is null ? $"has no tag {tag.Key}" : $"has {tag.Key}={tag.Has}"))}");
        return new Cause
        {
            Kind = CauseKind.NoDevice,
            Text = $"No device matches {string.Join(" and ", asked)}: {string.Join("; ", differences)}.",
            WayOut = "Enrol one that does, give an agent the tag (fleet-agent run --tag KEY=VALUE), or ask for other devices in the campaign's file.",
        };
    }
}
