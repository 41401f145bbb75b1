using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Text;
using Fleet.Grains.Telemetry;
using Fleet.Silo.Configuration;
using Fleet.Silo.Gateway;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Telemetry;

/// <summary>Instruments of the meter <c>Fleet</c> that are read off what there is, at the moment of the scrape.</summary>
internal sealed class FleetGauges
{
    private static readonly DeviceStatus[] OfEnrolledDevices = [.. Enum.GetValues<DeviceStatus>().Where(status => status != DeviceStatus.Removed)];
    private readonly IFleetIndex index;
    private readonly ToldCampaigns told;
    private readonly TimeProvider time;
    private readonly TimeSpan silence;

    public FleetGauges(
        IMeterFactory meters,
        IFleetIndex index,
        AgentConnections connections,
        ToldCampaigns told,
        CurrentResults results,
        SiloOptions options,
        IOptions<LeaseOptions> leases,
        TimeProvider time)
    {
        this.index = index;
        this.told = told;
        this.time = time;
        silence = leases.Value.Silence;
        var meter = meters.Create(FleetInstruments.MeterName);
        meter.CreateObservableGauge("fleet.campaigns", Campaigns, "{campaign}", "Campaigns by state.");
        meter.CreateObservableGauge("fleet.variants", Variants, "{variant}", "Variants by the state of their compression job.");
        meter.CreateObservableGauge("fleet.devices", Devices, "{device}", "Enrolled devices by state and board.");
        meter.CreateObservableGauge("fleet.device.last.seen.timestamp", LastSeen, "s", "When a device was last heard of, in seconds since 1970.");
        meter.CreateObservableGauge("fleet.agents.connected", () => connections.Count, "{agent}", "Agents' streams that are open.");
        AddCampaigns(meter);
        ResultGauges.Add(meter, results);
        AddBuild(meter);
        AddDisk(meter, options.State);
    }

    private void AddCampaigns(Meter meter)
    {
        meter.CreateObservableGauge("fleet.campaign.info", CampaignNames, "1", "Always 1; its labels are a campaign's name, task and state.");
        Add("fleet.campaign.runs", "{run}", "Runs that a campaign wants of the devices that take part so far.", summary => summary.Runs);
        Add("fleet.campaign.runs.done", "{run}", "Runs of a campaign that are closed, also those that failed.", summary => summary.RunsClosed);
        Add("fleet.campaign.runs.failed", "{run}", "Runs of a campaign that could not be done.", summary => summary.RunsFailed);
        Add("fleet.campaign.variants", "{variant}", "Variants of a campaign.", summary => summary.Variants);
        Add("fleet.campaign.variants.ready", "{variant}", "Variants of a campaign that are trained.", summary => summary.VariantsReady);
        Add(
            "fleet.campaign.time.left",
            "s",
            "About how long a campaign will still take; 0 once it has ended.",
            summary => summary.EndedAt is null ? summary.SecondsLeft : 0);

        void Add(string name, string unit, string description, Func<CampaignSummary, double?> value) =>
            meter.CreateObservableGauge(name, () => OfCampaigns(value), unit, description);
    }

    private static void AddBuild(Meter meter)
    {
        KeyValuePair<string, object?>[] tags =
        [
            new("version", ProductVersion.Current),
            new("runtime", Environment.Version.ToString()),
            new("arch", RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()),
        ];
        meter.CreateObservableGauge(
            "fleet.build.info",
            () => new Measurement<int>(1, tags),
            "1",
            "Always 1; the labels name the silo's version, its .NET runtime and its architecture.");
    }

    private static void AddDisk(Meter meter, string state)
    {
        var disk = new DriveInfo(state);
        meter.CreateObservableGauge("fleet.state.disk.available", () => disk.AvailableFreeSpace, "By", "Space left on the disk of the state folder.");
        meter.CreateObservableGauge("fleet.state.disk.size", () => disk.TotalSize, "By", "Size of the disk of the state folder.");
    }

    private IEnumerable<Measurement<int>> Campaigns() =>
        Count(index.Campaigns.Select(entry => entry.Summary.State), Enum.GetValues<CampaignStatus>());

    private IEnumerable<Measurement<int>> Variants() =>
        Count(index.Jobs.Select(entry => entry.Summary.State), Enum.GetValues<JobStatus>());

    // Every state is told, also with nobody in it: a series that comes and goes cannot be watched.
    private IEnumerable<Measurement<int>> Devices()
    {
        var now = time.GetUtcNow();
        return index.Devices
            .GroupBy(entry => (entry.Description.Board, entry.Description.Arch, entry.Description.Emulated))
            .SelectMany(board => Count(
                board.Select(entry => entry.StateAt(now, silence)),
                OfEnrolledDevices,
                new("board", board.Key.Board),
                new("arch", board.Key.Arch),
                new("emulated", board.Key.Emulated)));
    }

    private IEnumerable<Measurement<double>> LastSeen() =>
        from entry in index.Devices
        let device = entry.Description
        select new Measurement<double>(
            entry.LastSeen.ToUnixTimeMilliseconds() / 1000.0,
            new("device", device.Name),
            new("board", device.Board),
            new("arch", device.Arch),
            new("emulated", device.Emulated));

    private IEnumerable<Measurement<double>> OfCampaigns(Func<CampaignSummary, double?> value) =>
        from entry in told.Entries()
        let known = value(entry.Summary)
        where known is not null
        select new Measurement<double>(known.Value, new KeyValuePair<string, object?>("campaign", entry.Summary.Campaign));

    private IEnumerable<Measurement<int>> CampaignNames() =>
        from entry in told.Entries()
        select new Measurement<int>(
            1,
            new("campaign", entry.Summary.Campaign),
            new("name", entry.Summary.Name),
            new("task", entry.Task),
            new("state", entry.Summary.State.Word()));

    private static IEnumerable<Measurement<int>> Count<T>(IEnumerable<T> states, T[] all, params KeyValuePair<string, object?>[] tags)
        where T : struct, Enum
    {
        var counts = states.CountBy(state => state).ToDictionary();
        return all.Select(state => new Measurement<int>(counts.GetValueOrDefault(state), [.. tags, new("state", state.Word())]));
    }
}
