using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Text;
using Fleet.Reports.Quantities;
using Fleet.Reports.Terminal;

namespace Fleet.Cli.Views;

/// <summary>Where a campaign stands: its variants, its devices and what it waits for.</summary>
internal static class CampaignView
{
    private const int BarWidth = 12;

    /// <param name="rows">Lines that there are room for; variants with nothing new to tell are counted instead of listed.</param>
    public static IReadOnlyList<TextBlock> Render(CampaignDetail detail, int width, int rows = int.MaxValue)
    {
        var parts = new List<TextBlock> { new TextLine(Head(detail.Summary), Tone.Strong), TextBlock.Empty };

        // The head, the tables' headers and the empty lines between them.
        var room = Math.Max(rows - 7 - detail.Devices.Count - detail.Notes.Count, 3);
        if (detail.Jobs.Count > 0)
        {
            var shown = detail.Jobs.Count <= room
                ? detail.Jobs
                : [.. detail.Jobs.OrderBy(Urgency).Take(room - 1)];
            parts.Add(JobTable.Of(shown).Fit(width));
            if (shown.Count < detail.Jobs.Count)
            {
                parts.Add(new TextLine($"and {detail.Jobs.Count - shown.Count} more"));
            }

            parts.Add(TextBlock.Empty);
        }

        if (detail.Devices.Count > 0)
        {
            parts.Add(Devices(detail.Devices).Fit(width));
            parts.Add(TextBlock.Empty);
        }

        parts.AddRange(detail.Notes.Select(note => new TextLine(note, Tone.Warning)));
        return parts;
    }

    public static string Head(CampaignSummary summary)
    {
        static string Failed(int count) => count > 0 ? $" ({count} failed)" : "";
        var left = summary is { State: CampaignStatus.Running, SecondsLeft: { } seconds } ? $", about {Quantity.Duration(seconds)} left" : "";
        return $"{summary.Campaign} {summary.State.Word()}: variants {summary.VariantsReady}/{summary.Variants}{Failed(summary.VariantsFailed)}, "
            + $"runs {summary.RunsClosed}/{summary.Runs}{Failed(summary.RunsFailed)}{left}";
    }

    /// <summary><c>[#####.......] 42 %</c></summary>
    public static string Bar(double share)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return $"[{new string('#', full)}{new string('.', BarWidth - full)}] {Math.Clamp(share, 0, 1) * 100,3:0} %";
    }

    private static TextTable Devices(IReadOnlyList<CampaignDeviceState> devices)
    {
        var table = new TextTable(
        [
            new("device", Column.Always),
            new("state", Column.Always),
            new("session", 20),
            new("runs", Column.Always, Right: true),
            new("doing", Column.Always, Wraps: true),
        ]);
        foreach (var device in devices)
        {
            table.Add(
                device.Name,
                device.State.Word(),
                device.State is DeviceStatus.Measuring or DeviceStatus.Preparing ? Bar(device.Progress) : "",
                $"{device.RunsClosed}/{device.Runs}",
                device.Activity);
        }

        return table;
    }

    /// <summary>What is being done comes first, then what needs attention, then what is still to come.</summary>
    private static int Urgency(JobSummary job) => job.State switch
    {
        JobStatus.Training => 0,
        JobStatus.Failed => 1,
        JobStatus.Waiting => 2,
        JobStatus.Queued => 3,
        _ => 4,
    };
}
