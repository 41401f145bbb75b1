using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Fleet.Grains.Devices;
using Fleet.Grains.Ports;
using Fleet.Protocol.Results;
using Fleet.Protocol.Training;

namespace Fleet.Grains.Telemetry;

/// <summary>
/// Every instrument of the meter <c>Fleet</c> that grains write. Base units; labels are few and never a run, a session or a hash.
/// What is read off lists (campaigns, devices, results) is observed where the lists are.
/// </summary>
public sealed class FleetInstruments
{
    public const string MeterName = "Fleet";

    private readonly ConcurrentDictionary<string, (DeviceDescription Device, IReadOnlyDictionary<string, double> Telemetry)> telemetry = new();
    private readonly Counter<long> runsClosed;
    private readonly Counter<long> reports;
    private readonly Counter<long> sessions;
    private readonly Counter<long> leaseExpiries;
    private readonly Counter<long> epochs;
    private readonly Gauge<double> loss;
    private readonly Gauge<double> validation;
    private readonly Gauge<double> trainingSpeed;
    private readonly Counter<long> trainings;
    private readonly Histogram<double> trainingSeconds;

    public FleetInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        runsClosed = meter.CreateCounter<long>("fleet.runs.closed", "{run}", "Runs closed by a result, by the result's validity.");
        reports = meter.CreateCounter<long>("fleet.reports", "{report}", "Reports that agents sent, by the answer they got.");
        sessions = meter.CreateCounter<long>("fleet.sessions", "{session}", "Sessions that ended, by how they ended.");
        leaseExpiries = meter.CreateCounter<long>("fleet.lease.expiries", "{lease}", "Leases that ran out or were lost before their session ended.");
        epochs = meter.CreateCounter<long>("fleet.training.epochs", "{epoch}", "Epochs trained.");
        loss = meter.CreateGauge<double>("fleet.training.loss", "1", "Training loss after the last epoch.");
        validation = meter.CreateGauge<double>("fleet.training.validation", "1", "The task's metric on the validation part after the last epoch.");
        trainingSpeed = meter.CreateGauge<double>("fleet.training.speed", "{sample}/s", "Training samples a second over the last epoch.");
        trainings = meter.CreateCounter<long>("fleet.trainings", "{training}", "Trainings that ended, by how they ended.");
        trainingSeconds = meter.CreateHistogram(
            "fleet.training.duration",
            "s",
            "Time that a variant's training took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 28800] });
        meter.CreateObservableGauge("fleet.device.temperature", () => Telemetry("temperature_celsius"), "Cel", "Temperature of a device's hottest sensor.");
        meter.CreateObservableGauge("fleet.device.load", () => Telemetry("load_1m"), "1", "Load average over one minute.");
        meter.CreateObservableGauge("fleet.device.memory.available", () => Telemetry("memory_available_bytes"), "By", "Memory available on a device.");
    }

    public void RunClosed(ResultRow row) => runsClosed.Add(1, new TagList
    {
        { "campaign", row.Campaign },
        { "task", row.Task },
        { "validity", row.Validity },
        { "board", row.Board },
        { "arch", row.Arch },
        { "emulated", row.Emulated },
    });

    public void Reported(ReportOutcome outcome) => reports.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));

    /// <param name="outcome">done | failed | interrupted | lost</param>
    public void SessionEnded(DeviceDescription device, string outcome)
    {
        sessions.Add(1, new TagList { { "board", device.Board }, { "arch", device.Arch }, { "outcome", outcome } });
        if (outcome == "lost")
        {
            leaseExpiries.Add(1, new TagList { { "board", device.Board }, { "arch", device.Arch } });
        }
    }

    public void TrainingEpoch(CompressionRequest request, TrainingEvent epoch)
    {
        var tags = TrainingTags(request);
        epochs.Add(1, tags);
        Record(loss, epoch.Loss, tags);
        Record(validation, epoch.Validation, tags);
        Record(trainingSpeed, epoch.SamplesPerSecond, tags);
    }

    /// <param name="outcome">ready | failed | cancelled</param>
    public void TrainingEnded(CompressionRequest request, string outcome, double? seconds)
    {
        var tags = TrainingTags(request);
        if (seconds is { } took)
        {
            trainingSeconds.Record(took, tags);
        }

        tags.Add("outcome", outcome);
        trainings.Add(1, tags);
    }

    /// <summary>What a device said of itself last.</summary>
    public void DeviceTelemetry(DeviceDescription device, IReadOnlyDictionary<string, double> values) => telemetry[device.Device] = (device, values);

    private static void Record(Gauge<double> gauge, double? value, in TagList tags)
    {
        if (value is { } known && double.IsFinite(known))
        {
            gauge.Record(known, tags);
        }
    }

    private static TagList TrainingTags(CompressionRequest request) => new()
    {
        { "task", request.Task },
        { "method", request.Recipe.Method },
        { "variant", request.VariantName },
    };

    private IEnumerable<Measurement<double>> Telemetry(string name)
    {
        foreach (var (device, values) in telemetry.Values)
        {
            if (values.TryGetValue(name, out var value))
            {
                yield return new Measurement<double>(
                    value,
                    new("device", device.Name),
                    new("board", device.Board),
                    new("arch", device.Arch),
                    new("emulated", device.Emulated));
            }
        }
    }
}
