using System.Collections.Immutable;
using Fleet.Analysis;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Explanations;
using Fleet.Domain.Jobs;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Protocol.Api;

namespace Fleet.Cli.Tests.Support;

/// <summary>Records as a silo would send them.</summary>
internal static class Samples
{
    public const string Campaign = "uci-har-3f2a9c";
    public const string Device = "0b7c5a52-7f2c-4d9e-8f0e-2a46f1d3c9aa";

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    public static CampaignSummary Summary(
        CampaignStatus state = CampaignStatus.Running,
        int ready = 2,
        int closed = 4,
        int runsFailed = 0,
        string id = Campaign,
        string name = "uci-har",
        double createdSeconds = 0) => new()
    {
        Campaign = id,
        Name = name,
        State = state,
        CreatedAt = Start.AddSeconds(createdSeconds),
        EndedAt = state is CampaignStatus.Completed or CampaignStatus.Failed or CampaignStatus.Cancelled ? Start.AddMinutes(5) : null,
        Variants = 5,
        VariantsReady = ready,
        VariantsFailed = 0,
        Runs = 10,
        RunsClosed = closed,
        RunsFailed = runsFailed,
        SecondsLeft = state == CampaignStatus.Running ? 130 : null,
    };

    public static JobSummary Job(string name, JobStatus state, int? epoch = null, double? loss = null) => new()
    {
        Variant = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)))[..32],
        Name = name,
        Task = "uci-har",
        State = state,
        Epoch = epoch,
        Epochs = epoch is null ? null : 25,
        Loss = loss,
        Validation = loss is null ? null : 0.914,
        SecondsLeft = state == JobStatus.Training ? 41 : null,
        Parameters = 19_456,
        Compression = 1,
    };

    public static CampaignDetail Detail(CampaignSummary summary, params JobSummary[] jobs) => new()
    {
        Summary = summary,
        Jobs = jobs,
        Devices = [new CampaignDeviceState { Device = Device, Name = "pi4", State = DeviceStatus.Measuring, Activity = "measuring window, round 3",
            Progress = 0.42, RunsClosed = 4, Runs = 10 }],
        Notes = [],
    };

    public static CampaignEvent Event(long sequence, CampaignSummary summary, CampaignEventKind kind = CampaignEventKind.Run, string? message = null) => new()
    {
        Sequence = sequence,
        At = Start.AddSeconds(sequence),
        Kind = kind,
        Message = message ?? $"event {sequence}",
        Detail = Detail(summary, Job("dense", JobStatus.Ready), Job("hmd-4x", JobStatus.Training, 7, 0.3127)),
    };

    public static Explanation Explanation() => new()
    {
        Kind = ExplanationSubject.Campaign,
        Id = Campaign,
        Name = "uci-har",
        State = "paused",
        Causes = [new Cause { Kind = CauseKind.Paused, Text = "It is paused.", WayOut = "Let it go on." },
            new Cause { Kind = CauseKind.RunFailed, Text = "2 runs failed." }],
    };

    public static DeviceSummary DeviceOf(string name = "pi4", string id = Device, DeviceStatus state = DeviceStatus.Idle) => new()
    {
        Device = id,
        Name = name,
        State = state,
        Board = "Raspberry Pi 4 Model B Rev 1.4",
        Arch = "arm64",
        Isa = "neon",
        Cores = 4,
        MemoryBytes = 3_976_000_000,
        Os = "Debian GNU/Linux 12",
        Runtime = "aot",
        Emulated = false,
        AgentVersion = "0.1.0",
        Tags = ImmutableSortedDictionary<string, string>.Empty.Add("arch", "arm64").Add("room", "lab"),
        LastSeen = Start,
        Activity = "waits for work",
        Progress = 0,
        Telemetry = new Dictionary<string, double> { ["temperature_celsius"] = 51.25 },
        RunsDone = 12,
    };

    public static TableRow Row(
        string name,
        double ratio,
        string verdict,
        double accuracy,
        bool best,
        string mode = "window",
        Validity validity = Validity.Valid,
        double mean = 1520) => new()
    {
        ParetoBest = best,
        Verdict = verdict,
        Row = new ResultRow
        {
            Campaign = Campaign,
            Run = $"{name}-{mode}",
            Session = "s1",
            Variant = name,
            VariantName = name,
            Task = "uci-har",
            Cell = "lstm",
            Method = name.Split('-')[0],
            MethodParameters = new Dictionary<string, string>(),
            Precision = "fp32",
            Seed = 1,
            Replicate = 1,
            Compression = name == "dense" ? 1 : 4.02,
            Parameters = 19_456,
            ModelBytes = (long)(80_512 * ratio),
            Device = Device,
            Board = "Raspberry Pi 4 Model B Rev 1.4",
            Arch = "arm64",
            Isa = "neon",
            Emulated = false,
            Runtime = "aot",
            Engine = "fleet",
            Mode = mode,
            Phase = "burst",
            Clock = "as-is",
            Metric = "accuracy",
            MetricValue = accuracy,
            MetricLow = accuracy - 0.0203,
            MetricHigh = accuracy + 0.0172,
            Samples = 950,
            LatencyUs = new Latency
            {
                Cold = mean * ratio * 3,
                Mean = mean * ratio * 1.02,
                P50 = mean * ratio,
                P50Low = mean * ratio * 0.995,
                P50High = mean * ratio * 1.005,
                P90 = mean * ratio * 1.1,
                N = 3200,
                BatchSize = 1,
            },
            RatioToReference = verdict == "reference" ? null : new Ratio { Value = ratio, Low = ratio * 0.995, High = ratio * 1.005, Rounds = 12 },
            Validity = validity,
            Reasons = validity == Validity.Valid ? [] : [new(ReasonCodes.OthersBusy, 9, 16)],
            StartedAt = Start,
            AgentVersion = "0.1.0",
        },
    };

    public static CampaignTable LanguageModels() =>
        TableOf(
            Summary(CampaignStatus.Completed, 2, 2),
            [.. new[] { Row("hmd-2x", 0.612, "faster", 1.655, best: true), Row("dense", 1, "reference", 1.612, best: true) }
        .Select(row => row with { Row = row.Row with { Task = "char-lm", Metric = "nats" } })]);

    public static CampaignTable Table() => TableOf(
        Summary(CampaignStatus.Completed, 5, 10),
        [
            Row("dense", 1, "reference", 0.9137, true),
            Row("hmd-2x", 0.612, "faster", 0.9053, true),
            Row("hmd-4x", 0.4117, "faster", 0.8821, true),
            Row("lmf-4x", 0.4409, "faster", 0.8611, false),
            Row("pruned-4x", 1.3158, "slower", 0.9001, false, validity: Validity.Suspect),
            Row("dense", 1, "reference", 0.9137, true, "streaming", mean: 11.9),
            Row("hmd-4x", 0.998, "same", 0.8821, false, "streaming", mean: 11.9),
        ]);

    /// <summary>On a machine whose cores others held.</summary>
    public static CampaignTable AllInvalid() => TableOf(
        Summary(CampaignStatus.Completed, 5, 7) with { Runs = 7 },
        [.. Table().Rows.Select(row => row with { Row = row.Row with { Validity = Validity.Invalid, Reasons = [new(ReasonCodes.CoreTaken, 12, 16)] } })]);

    /// <summary>As a silo makes it of its rows.</summary>
    public static CampaignTable TableOf(CampaignSummary summary, IReadOnlyList<TableRow> rows) =>
        CampaignAnalysis.Table(summary, [.. rows.Select(row => row.Row)], "dense");
}
