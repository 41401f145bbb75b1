using System.Globalization;
using Fleet.Cli.Terminals;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Tasks;
using Fleet.Domain.Text;
using Fleet.Reports.Quantities;
using Fleet.Reports.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Views;

/// <summary>The tables of the list and show commands.</summary>
internal static class Lists
{
    public static TextTable Campaigns(IReadOnlyList<CampaignSummary> campaigns, TimeProvider time)
    {
        var table = new TextTable(
        [
            new("campaign", Column.Always),
            new("name", 30),
            new("state", Column.Always),
            new("variants", 50, Right: true),
            new("runs", Column.Always, Right: true),
            new("failed", 60, Right: true),
            new("left", 40, Right: true),
            new("started", 70),
        ]);
        foreach (var one in campaigns)
        {
            table.Add(
                one.Campaign,
                one.Name,
                new Cell(
                    one.State.Word(),
                    one.State switch
                    {
                        CampaignStatus.Completed => Tone.Good,
                        CampaignStatus.Failed => Tone.Bad,
                        CampaignStatus.Running => Tone.Active,
                        _ => Tone.Plain,
                    }),
                $"{one.VariantsReady}/{one.Variants}",
                $"{one.RunsClosed}/{one.Runs}",
                one.RunsFailed.ToString(CultureInfo.InvariantCulture),
                one.State == CampaignStatus.Running ? Quantity.Duration(one.SecondsLeft) : "",
                Quantity.Moment(one.CreatedAt, time));
        }

        return table;
    }

    public static TextTable Devices(IReadOnlyList<DeviceSummary> devices, TimeProvider time)
    {
        var table = new TextTable(
        [
            new("device", Column.Always),
            new("state", Column.Always),
            new("board", 70),
            new("arch", 80),
            new("isa", 60),
            new("cores", 20, Right: true),
            new("memory", 10, Right: true),
            new("runs", 40, Right: true),
            new("last seen", 50),
            new("doing", 90, Wraps: true),
        ]);
        foreach (var device in devices)
        {
            table.Add(
                device.Name,
                new Cell(device.State.Word(), device.State switch { DeviceStatus.Silent => Tone.Bad, DeviceStatus.Measuring => Tone.Active, _ => Tone.Plain }),
                device.Board,
                device.Arch + (device.Emulated ? " (emulated)" : ""),
                device.Isa,
                device.Cores.ToString(CultureInfo.InvariantCulture),
                Quantity.Bytes(device.MemoryBytes),
                device.RunsDone.ToString(CultureInfo.InvariantCulture),
                Quantity.Moment(device.LastSeen, time),
                device.Activity);
        }

        return table;
    }

    public static IRenderable Device(DeviceSummary device, TimeProvider time)
    {
        var facts = new List<(string, string)>
        {
            ("name", device.Name),
            ("device", device.Device),
            ("state", device.State.Word()),
            ("doing", device.Activity),
            ("board", device.Board),
            ("processor", $"{device.Arch}, {device.Isa}, {device.Cores} cores{(device.Emulated ? ", emulated" : "")}"),
            ("memory", Quantity.Bytes(device.MemoryBytes)),
            ("system", device.Os),
            ("agent", $"{device.AgentVersion} ({device.Runtime})"),
            ("tags", string.Join(", ", device.Tags.Select(tag => $"{tag.Key}={tag.Value}"))),
            ("last seen", Quantity.Moment(device.LastSeen, time)),
            ("runs done", device.RunsDone.ToString(CultureInfo.InvariantCulture)),
        };
        if (device.Campaign is { } campaign)
        {
            facts.Add(("campaign", campaign));
        }

        if (device.LeaseUntil is { } until)
        {
            facts.Add(("lease until", Quantity.Moment(until, time)));
        }

        if (device.Rival is { } rival)
        {
            facts.Add(("same identity", Rival(rival, time)));
        }

        facts.AddRange(device.Telemetry.OrderBy(reading => reading.Key, StringComparer.Ordinal)
            .Select(reading => (reading.Key.Replace('_', ' '), reading.Value.ToString("0.###", CultureInfo.InvariantCulture))));
        return Facts(facts);
    }

    /// <summary>That another agent has the device's identity, and what to do.</summary>
    public static string Rival(RivalAgent rival, TimeProvider time) =>
        $"another agent has this identity: {rival.Name} at {rival.Address}, turned away {Quantity.Moment(rival.At, time)}."
            + " On that board: fleet-agent reset-identity";

    public static IRenderable Job(JobSummary job)
    {
        var facts = new List<(string, string)>
        {
            ("variant", job.Name),
            ("key", job.Variant),
            ("task", job.Task),
            ("seed", job.Seed is { } seed ? Quantity.Plain(seed) : Quantity.None),
            ("state", job.State.Word()),
        };
        if (job is { Epoch: { } epoch, Epochs: { } epochs })
        {
            facts.Add(("epoch", $"{epoch} of {epochs}"));
        }

        facts.Add(("loss", Quantity.Loss(job.Loss)));
        facts.Add(("validation", Quantity.Metric(KnownTasks.MetricOf(job.Task), job.Validation)));
        facts.Add(("parameters", Quantity.Count(job.Parameters)));
        facts.Add(("compression", Quantity.Factor(job.Compression)));
        facts.Add(("model", job.ModelSha256 ?? Quantity.None));
        if (job.Reason is { } reason)
        {
            facts.Add(("reason", reason));
        }

        return Facts(facts);
    }

    /// <summary>One benchmark of several, with its name above and a line below.</summary>
    public static IRenderable PlanOfSuite(CampaignPlan plan, int width) =>
        new Rows(new Text(plan.Name, new Style(decoration: Decoration.Bold)), Plan(plan, width), Text.Empty);

    public static IRenderable Plan(CampaignPlan plan, int width)
    {
        var variants = new TextTable(
        [
            new("variant", Column.Always),
            new("task", 30),
            new("method", 20),
            new("compr.", 60, Right: true),
            new("parameters", 50, Right: true),
            new("seed", 40, Right: true),
            new("", Column.Always),
        ]);
        foreach (var variant in plan.Variants)
        {
            variants.Add(
                variant.Name, variant.Task, variant.Method, Quantity.Factor(variant.Compression), Quantity.Count(variant.Parameters),
                variant.Seed.ToString(CultureInfo.InvariantCulture), variant.Ready ? new Cell("trained already", Tone.Good) : "to be trained");
        }

        var devices = new TextTable([new("device", Column.Always), new("board", 50), new("arch", 60), new("runs", Column.Always, Right: true)]);
        foreach (var device in plan.Devices)
        {
            devices.Add(device.Name, device.Board, device.Arch, device.Runs.ToString(CultureInfo.InvariantCulture));
        }

        var training = plan.Variants.Count(variant => !variant.Ready);
        return new Rows(
            variants.Draw(width),
            Text.Empty,
            plan.Devices.Count == 0 ? new Text("No device that is connected now matches.") : devices.Draw(width),
            Text.Empty,
            new Text(
                $"{plan.Name}: {training} of {Quantity.Of(plan.Variants.Count, "variant")} to train{Takes(plan.TrainingSeconds)},"
                    + $" {Quantity.Of(plan.Runs, "run")} to measure{Takes(plan.DeviceSeconds)}."));
    }

    private static string Takes(double? seconds) => seconds is null ? "" : $" (about {Quantity.Duration(seconds)})";

    private static IRenderable Facts(List<(string Name, string Value)> facts)
    {
        var grid = new Grid()
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) })
            .AddColumn(new GridColumn { Padding = new Padding(0) });
        foreach (var (name, value) in facts)
        {
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));
        }

        return grid;
    }
}
