using System.Collections.Immutable;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Reports.Model;

namespace Fleet.Reports.Tests;

/// <summary>A campaign such as there are: two devices, two modes, five variants, and one thing of each kind that can go wrong.</summary>
internal sealed class SampleCampaign
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 20, 5, 0, TimeSpan.Zero);

    private readonly List<ResultRow> rows = [];
    private readonly Dictionary<string, RunMeasurement> measurements = [];

    public string Name { get; init; } = "uci-har";

    public ReportModel Model()
    {
        foreach (string mode in new[] { "window", "streaming" })
        {
            AddDevice("d1", "AMD EPYC", "x64", "avx512", mode, mode == "window" ? 148 : 1.21, [1, 0.62, 0.391, 0.372, 1.64]);
            AddDevice("d2", "Raspberry Pi 4 Model B Rev 1.4", "arm64", "neon", mode, mode == "window" ? 3_420 : 27.4, [1, 0.571, 0.334, 0.341, 0.92]);
        }

        ResultRow failed = rows[^1];
        rows[^1] = failed with
        {
            Validity = Validity.Failed, Reasons = [new(ReasonCodes.WorkerDied, Detail: "the worker was killed by signal 9 (out of memory?)")], LatencyUs = null,
            MetricValue = null, MetricLow = null, MetricHigh = null, RatioToReference = null,
        };
        measurements.Remove(failed.Run);
        CampaignSummary summary = new()
        {
            Campaign = "c-7f3a", Name = Name, State = CampaignStatus.Completed, CreatedAt = Start, EndedAt = Start.AddMinutes(5.6),
            Variants = 5, VariantsReady = 5, VariantsFailed = 0, Runs = rows.Count, RunsClosed = rows.Count, RunsFailed = 1,
        };
        return new ReportModel
        {
            Campaign = new CampaignDetail { Summary = summary, Jobs = [], Devices = [], Notes = [] },
            Table = Fleet.Analysis.CampaignAnalysis.Table(summary, rows, "dense", claims: true),
            Measurements = measurements,
            Protocol = new(),
            Reference = "dense",
            Devices = [Device("d1", "bench", "AMD EPYC", "x64", "avx512"), Device("d2", "kitchen-pi", "Raspberry Pi 4 Model B Rev 1.4", "arm64", "neon")],
            Version = "0.1.0",
            GeneratedAt = Start.AddMinutes(6),
        };
    }

    private void AddDevice(string device, string board, string arch, string isa, string mode, double dense, double[] ratios)
    {
        (string Name, string Method, double Accuracy, double Factor, long Bytes)[] variants =
        [
            ("dense", "dense", 0.906, 1, 79_432), ("hmd-2x", "hmd", 0.899, 2, 42_120), ("hmd-4x", "hmd", 0.860, 4, 23_480),
            ("lmf-4x", "lmf", 0.851, 4, 23_710), ("pruned-4x", "pruned", 0.883, 4, 33_904),
        ];
        for (int i = 0; i < variants.Length; i++)
        {
            (string name, string method, double accuracy, double factor, long bytes) = variants[i];
            double latency = dense * ratios[i];
            bool batched = device == "d1" && mode == "streaming";
            string run = $"{device}-{mode}-{name}";
            bool suspect = device == "d2" && name == "lmf-4x";
            measurements.Add(run, Measurement(latency, batched, suspect, device == "d2"));
            rows.Add(new ResultRow
            {
                Campaign = "c-7f3a", Run = run, Session = $"s-{device}", Variant = $"key-{name}", VariantName = name, Task = "uci-har", Cell = "lstm",
                Method = method, MethodParameters = new Dictionary<string, string>(), Precision = "fp32", Seed = 1, Replicate = 0,
                Compression = factor, CompressionModel = 1 + ((factor - 1) * 0.94), Parameters = (long)(19_334 / factor), MacsPerStep = (long)(18_688 / factor),
                ModelBytes = bytes, Device = device, Board = board, Arch = arch, Isa = isa, Emulated = false, Runtime = "jit", Engine = "fleet",
                Mode = mode, Phase = "burst", Clock = "as-is", Metric = "accuracy", MetricValue = accuracy, MetricLow = accuracy - 0.013,
                MetricHigh = accuracy + 0.012, Samples = 1_500,
                LatencyUs = new Latency
                {
                    Cold = latency * 6.3, Mean = latency * 1.03, P50 = batched ? null : latency, P50Low = batched ? null : latency * 0.991,
                    P50High = batched ? null : latency * 1.008,
                    P90 = batched ? null : latency * 1.06, P90Low = batched ? null : latency * 1.03, P90High = batched ? null : latency * 1.1,
                    P95 = batched ? null : latency * 1.11, P99 = batched ? null : latency * 1.4, N = 4_812, BatchSize = batched ? 4 : 1,
                },
                RatioToReference = name == "dense" ? null : new Ratio { Value = ratios[i], Low = ratios[i] * 0.994, High = ratios[i] * 1.006, Rounds = 12 },
                Validity = suspect ? Validity.Suspect : Validity.Valid, Reasons = suspect ? [new(ReasonCodes.OthersBusy, 9, 25)] : [],
                StartedAt = Start.AddMinutes(2), AgentVersion = "0.1.0",
            });
        }
    }

    private static RunMeasurement Measurement(double latency, bool batched, bool suspect, bool board)
    {
        List<Block> blocks = [];
        for (int i = 0; i < 24; i++)
        {
            bool others = suspect && i % 3 == 0;
            blocks.Add(Block(i / 2, 0, latency, board, others ? Validity.Suspect : Validity.Valid, others ? [new(ReasonCodes.OthersBusy)] : []));
        }

        if (suspect)
        {
            blocks.Add(Block(7, 0, latency * 1.6, board, Validity.Invalid, [new(ReasonCodes.Throttled)]));
        }

        return new RunMeasurement
        {
            Metric = new("accuracy", 0.9, 0.89, 0.91, 1_500), Latency = new() { Mean = latency, N = 4_812, BatchSize = batched ? 4 : 1 },
            Validity = suspect
                ? Validity.Suspect
                : Validity.Valid, Reasons = [], Blocks = blocks, Pin = new(3, board, board, []), Seed = 8_312_734_412, StoppedBy = "width reached",
        };
    }

    private static Block Block(int round, int attempt, double latency, bool board, Validity validity, Reason[] reasons) => new()
    {
        Round = round, Position = 0, Attempt = attempt, StartSeconds = round, Seconds = 0.05, Inferences = (long)(50_000 / latency), MeanMicroseconds = latency,
        Validity = validity, Reasons = reasons, TemperatureBeforeCelsius = board ? 48 + (round / 4.0) : null,
        TemperatureAfterCelsius = board ? 49 + (round / 4.0) : null,
        ClockRatio = board ? 1 : null, Governor = board ? "ondemand" : null, OthersCpuShare = 0.04, GateWaitSeconds = board && round > 9 ? 0.5 : 0,
    };

    private static DeviceSummary Device(string id, string name, string board, string arch, string isa) => new()
    {
        Device = id, Name = name, State = DeviceStatus.Idle, Board = board, Arch = arch, Isa = isa, Cores = 4, MemoryBytes = 4L << 30,
        Os = "Debian GNU/Linux 12 (bookworm)",
        Runtime = "jit", Emulated = false, AgentVersion = "0.1.0", Tags = ImmutableSortedDictionary<string, string>.Empty, LastSeen = Start, Activity = "idle",
        Progress = 0, Telemetry = new Dictionary<string, double>(), RunsDone = 10,
    };
}
