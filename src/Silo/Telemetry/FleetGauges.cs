using System.Diagnostics.Metrics;
using Fleet.Grains.Campaigns;
using Fleet.Grains.Compression;
using Fleet.Grains.Devices;
using Fleet.Grains.Telemetry;
using Fleet.Silo.Gateway;
using Fleet.Silo.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Telemetry;

/// <summary>Instruments of the meter <c>Fleet</c> that are read off what there is, at the moment of the scrape.</summary>
internal sealed class FleetGauges
{
    private static readonly string[] CampaignStateNames = [CampaignStates.Running, CampaignStates.Paused, CampaignStates.Completed, CampaignStates.Cancelled, CampaignStates.Failed];
    private static readonly string[] JobStateNames = [JobStates.Queued, JobStates.Waiting, JobStates.Training, JobStates.Ready, JobStates.Failed, JobStates.Cancelled];
    private static readonly string[] DeviceStateNames = [DeviceStates.Idle, DeviceStates.Preparing, DeviceStates.Waiting, DeviceStates.Measuring, DeviceStates.Silent];
    private readonly SqliteFleetIndex index;
    private readonly TimeProvider time;
    private readonly TimeSpan silence;

    public FleetGauges(IMeterFactory meters, SqliteFleetIndex index, AgentConnections connections, CurrentResults results, IOptions<LeaseOptions> leases, TimeProvider time)
    {
        this.index = index;
        this.time = time;
        silence = leases.Value.Silence;
        var meter = meters.Create(FleetInstruments.MeterName);
        meter.CreateObservableGauge("fleet.campaigns", Campaigns, "{campaign}", "Campaigns by state.");
        meter.CreateObservableGauge("fleet.variants", Variants, "{variant}", "Variants by the state of their compression job.");
        meter.CreateObservableGauge("fleet.devices", Devices, "{device}", "Enrolled devices by state and board.");
        meter.CreateObservableGauge("fleet.agents.connected", () => connections.Count, "{agent}", "Agents' streams that are open.");
        meter.CreateObservableGauge("fleet.campaign.runs", () => Runs(summary => summary.Runs), "{run}", "Runs that an active campaign wants of the devices that take part so far.");
        meter.CreateObservableGauge("fleet.campaign.runs.done", () => Runs(summary => summary.RunsClosed), "{run}", "Runs of an active campaign that are closed.");
        AddResults(meter, results);
    }

    private static void AddResults(Meter meter, CurrentResults results)
    {
        const double MicrosecondsPerSecond = 1e6;
        Add("fleet.run.latency.p50", "s", "Median latency of one inference in the latest run.", row => row.LatencyUs?.P50 / MicrosecondsPerSecond);
        Add("fleet.run.latency.p50.low", "s", "Lower end of the median latency's 95 % interval.", row => row.LatencyUs?.P50Low / MicrosecondsPerSecond);
        Add("fleet.run.latency.p50.high", "s", "Upper end of the median latency's 95 % interval.", row => row.LatencyUs?.P50High / MicrosecondsPerSecond);
        Add("fleet.run.latency.p90", "s", "90th percentile of the latency of one inference in the latest run.", row => row.LatencyUs?.P90 / MicrosecondsPerSecond);
        Add("fleet.run.ratio", "1", "Latency over the reference's in the same session.", row => row.RatioToReference?.Value);
        Add("fleet.run.ratio.low", "1", "Lower end of the ratio's 95 % interval.", row => row.RatioToReference?.Low);
        Add("fleet.run.ratio.high", "1", "Upper end of the ratio's 95 % interval.", row => row.RatioToReference?.High);
        Add("fleet.run.metric", "1", "The task's metric, evaluated on the device.", row => row.MetricValue);
        Add("fleet.run.metric.low", "1", "Lower end of the metric's 95 % interval.", row => row.MetricLow);
        Add("fleet.run.metric.high", "1", "Upper end of the metric's 95 % interval.", row => row.MetricHigh);
        Add("fleet.model.size", "By", "Size of the model's file.", row => row.ModelBytes);
        Add("fleet.model.compression", "1", "Achieved compression factor over the cell's weights.", row => row.Compression);

        void Add(string name, string unit, string description, Func<Protocol.Results.ResultRow, double?> value) =>
            meter.CreateObservableGauge(name, () => results.Measure(value), unit, description);
    }

    private IEnumerable<Measurement<int>> Campaigns() =>
        Count(index.Campaigns.Select(entry => entry.Summary.State), CampaignStateNames);

    private IEnumerable<Measurement<int>> Variants() =>
        Count(index.Jobs.Select(entry => entry.Summary.State), JobStateNames);

    // Every state is told, also with nobody in it: a series that comes and goes cannot be watched.
    private IEnumerable<Measurement<int>> Devices()
    {
        var now = time.GetUtcNow();
        return index.Devices
            .GroupBy(entry => (entry.Description.Board, entry.Description.Arch, entry.Description.Emulated))
            .SelectMany(board => Count(
                board.Select(entry => now - entry.LastSeen > silence ? DeviceStates.Silent : entry.State),
                DeviceStateNames,
                new("board", board.Key.Board),
                new("arch", board.Key.Arch),
                new("emulated", board.Key.Emulated)));
    }

    private IEnumerable<Measurement<int>> Runs(Func<Protocol.Api.CampaignSummary, int> count) =>
        from entry in index.Campaigns
        where entry.Summary.State is CampaignStates.Running or CampaignStates.Paused
        select new Measurement<int>(count(entry.Summary), new KeyValuePair<string, object?>("campaign", entry.Summary.Campaign));

    private static IEnumerable<Measurement<int>> Count(IEnumerable<string> states, string[] names, params KeyValuePair<string, object?>[] tags)
    {
        var counts = states.CountBy(state => state).ToDictionary();
        return names.Select(name => new Measurement<int>(counts.GetValueOrDefault(name), [.. tags, new("state", name)]));
    }
}
