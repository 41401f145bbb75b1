using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Leases;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Measuring;
using Fleet.Domain.Results;
using Fleet.Domain.Text;
using Microsoft.Extensions.Options;

namespace Fleet.Grains.Telemetry;

/// <summary>
/// Every instrument of the meter <c>Fleet</c> that grains write. Base units; labels are few and never a run, a session or a hash.
/// What is read off lists (campaigns, devices, results) is observed where the lists are. A counter's outcomes are all told from the
/// start, as zero: of one that first appears when something has happened, Prometheus cannot see that it rose.
/// </summary>
public sealed class FleetInstruments
{
    public const string MeterName = "Fleet";

    private static readonly JobStatus[] TrainingOutcomes = [JobStatus.Ready, JobStatus.Failed, JobStatus.Cancelled];
    private readonly ConcurrentDictionary<string, Reading> telemetry = new();
    private readonly TimeProvider time;
    private readonly TimeSpan silence;
    private readonly Counter<long> runsClosed;
    private readonly Counter<long> reports;
    private readonly Counter<long> sessions;
    private readonly Counter<long> leaseExpiries;
    private readonly Counter<long> epochs;
    private readonly TrainingGauges training;
    private readonly Counter<long> trainings;
    private readonly Histogram<double> trainingSeconds;
    private readonly Histogram<double> resultWriteSeconds;

    public FleetInstruments(IMeterFactory meters, IOptions<LeaseOptions> leases, TimeProvider time)
    {
        this.time = time;
        silence = leases.Value.Silence;
        var meter = meters.Create(MeterName);
        runsClosed = meter.CreateCounter<long>("fleet.runs.closed", "{run}", "Runs closed by a result, by the result's validity.");
        reports = meter.CreateCounter<long>("fleet.reports", "{report}", "Reports that agents sent, by the answer they got.");
        sessions = meter.CreateCounter<long>("fleet.sessions", "{session}", "Sessions that ended, by how they ended.");
        leaseExpiries = meter.CreateCounter<long>("fleet.lease.expiries", "{lease}", "Leases that ran out or were lost before their session ended.");
        epochs = meter.CreateCounter<long>("fleet.training.epochs", "{epoch}", "Epochs trained.");
        training = new TrainingGauges(meter, time);
        trainings = meter.CreateCounter<long>("fleet.trainings", "{training}", "Trainings that ended, by how they ended.");
        trainingSeconds = meter.CreateHistogram(
            "fleet.training.duration",
            "s",
            "Time that a variant's training took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 28800] });
        resultWriteSeconds = meter.CreateHistogram(
            "fleet.result.write.duration",
            "s",
            "Time until a result was on disk, from the moment that it was given to the store.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] });
        meter.CreateObservableGauge("fleet.device.temperature", () => Telemetry("temperature_celsius"), "Cel", "Temperature of a device's hottest sensor.");
        meter.CreateObservableGauge("fleet.device.load", () => Telemetry("load_1m"), "1", "Load average over one minute.");
        meter.CreateObservableGauge("fleet.device.memory.available", () => Telemetry("memory_available_bytes"), "By", "Memory available on a device.");
        foreach (var outcome in Enum.GetValues<ReportDecision>())
        {
            reports.Add(0, Outcome(outcome));
        }
    }

    /// <summary>A board of this kind is in the fleet: what it may bring is told from now on.</summary>
    public void DeviceEnrolled(DeviceDescription device)
    {
        foreach (var validity in Enum.GetValues<Validity>())
        {
            runsClosed.Add(0, RunTags(validity, device.Board, device.Arch, device.Emulated));
        }

        foreach (var outcome in Enum.GetValues<SessionOutcome>())
        {
            sessions.Add(0, SessionTags(device, outcome));
        }

        leaseExpiries.Add(0, BoardTags(device));
    }

    public void RunClosed(ResultRow row) => runsClosed.Add(1, RunTags(row.Validity, row.Board, row.Arch, row.Emulated));

    /// <summary>A result is on disk, or was found to be there already.</summary>
    public void ResultWritten(TimeSpan took) => resultWriteSeconds.Record(took.TotalSeconds);

    public void Reported(ReportDecision outcome) => reports.Add(1, Outcome(outcome));

    public void SessionEnded(DeviceDescription device, SessionOutcome outcome)
    {
        sessions.Add(1, SessionTags(device, outcome));
        if (outcome == SessionOutcome.Lost)
        {
            leaseExpiries.Add(1, BoardTags(device));
        }
    }

    public void TrainingBegun(CompressionRequest request)
    {
        var tags = TrainingTags(request);
        epochs.Add(0, tags);
        foreach (var outcome in TrainingOutcomes)
        {
            trainings.Add(0, [.. tags, new("outcome", outcome.Word())]);
        }
    }

    public void TrainingEpoch(CompressionRequest request, TrainingEvent epoch)
    {
        epochs.Add(1, TrainingTags(request));
        training.Epoch(request, epoch);
    }

    /// <param name="outcome">ready | failed | cancelled</param>
    public void TrainingEnded(CompressionRequest request, JobStatus outcome, double? seconds)
    {
        if (seconds is { } took)
        {
            trainingSeconds.Record(took, new("task", request.Task), new("method", request.Recipe.Method));
        }

        training.Ended(request);
        trainings.Add(1, [.. TrainingTags(request), new("outcome", outcome.Word())]);
    }

    /// <summary>What a device said of itself last. It is told until the device counts as silent.</summary>
    public void DeviceTelemetry(DeviceDescription device, IReadOnlyDictionary<string, double> values) =>
        telemetry[device.Device] = new Reading(device, values, time.GetUtcNow());

    public void DeviceRemoved(string device) => telemetry.TryRemove(device, out _);

    private static TagList TrainingTags(CompressionRequest request) => new()
    {
        { "task", request.Task },
        { "method", request.Recipe.Method },
        { "variant", request.VariantName },
    };

    private static TagList RunTags(Validity validity, string board, string arch, bool emulated) => new()
    {
        { "validity", validity.Word() },
        { "board", board },
        { "arch", arch },
        { "emulated", emulated },
    };

    private static TagList BoardTags(DeviceDescription device) => new() { { "board", device.Board }, { "arch", device.Arch } };

    private static TagList SessionTags(DeviceDescription device, SessionOutcome outcome) => [.. BoardTags(device), new("outcome", outcome.Word())];

    private static KeyValuePair<string, object?> Outcome(ReportDecision outcome) => new("outcome", outcome.ToString().ToLowerInvariant());

    private IEnumerable<Measurement<double>> Telemetry(string name)
    {
        var now = time.GetUtcNow();
        foreach (var (device, values, at) in telemetry.Values)
        {
            if (now - at <= silence && values.TryGetValue(name, out var value))
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

    private sealed record Reading(DeviceDescription Device, IReadOnlyDictionary<string, double> Values, DateTimeOffset At);
}
