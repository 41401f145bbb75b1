using System.Text.Json.Serialization;
using Fleet.Protocol.Results;

namespace Fleet.Protocol.Api;

/// <summary><c>POST /api/campaigns/check</c>: is this file sound, and what data does it want?</summary>
public sealed record CampaignFile
{
    /// <summary>The file's text (YAML).</summary>
    public required string Text { get; init; }
    /// <summary>How messages name the file: its path as the person gave it.</summary>
    public required string Source { get; init; }
    /// <summary>Of a suite, the benchmark that is meant; null where the file is one campaign, or all of it is to be checked.</summary>
    public string? Benchmark { get; init; }
    /// <summary>Every task is replaced by the one of its application whose data the product makes itself.</summary>
    public bool Synthetic { get; init; }
}

/// <summary>A mistake in a file, in the words that a person sees: <c>SOURCE:LINE:COLUMN: MESSAGE</c>, then the way out.</summary>
public sealed record FileProblem
{
    public required string Source { get; init; }
    public int? Line { get; init; }
    public int? Column { get; init; }
    public required string Message { get; init; }
    public string? Suggestion { get; init; }
}

public sealed record CampaignCheck
{
    public required IReadOnlyList<FileProblem> Problems { get; init; }
    /// <summary>Tasks whose packed data must be bound before the campaign, or all those of a suite, can be planned or started.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }
    /// <summary>The campaigns of a suite, in the file's order; empty where the file is one campaign.</summary>
    public IReadOnlyList<BenchmarkCheck> Benchmarks { get; init; } = [];
}

/// <summary>One campaign of a suite.</summary>
public sealed record BenchmarkCheck
{
    public required string Name { get; init; }
    /// <summary>Those of its tasks whose data must be bound.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }
}

/// <summary>The packed data of one task, by hash, and what its shape is.</summary>
public sealed record TaskData
{
    public required string Task { get; init; }
    public required string TrainingSha256 { get; init; }
    public required string TestSha256 { get; init; }
    /// <summary>Features a time step.</summary>
    public required int Input { get; init; }
    /// <summary>Time steps a sequence.</summary>
    public required int Steps { get; init; }
    public required int Classes { get; init; }
    public required int TrainingSamples { get; init; }
    public required int TestSamples { get; init; }
}

/// <summary><c>POST /api/campaigns</c> and <c>POST /api/campaigns/plan</c>.</summary>
public sealed record CampaignSubmission
{
    public required CampaignFile File { get; init; }
    public required IReadOnlyList<TaskData> Data { get; init; }
    /// <summary>False: an unfinished campaign of the very same content is taken up again. True: a new one is made.</summary>
    public bool AlwaysNew { get; init; }
}

public sealed record CampaignCreated
{
    public required string Campaign { get; init; }
    /// <summary>An unfinished campaign of the same content was taken up again.</summary>
    public required bool Resumed { get; init; }
    public required CampaignPlan Plan { get; init; }
}

/// <summary>What a campaign would do. Times are null until something like it was trained or measured here.</summary>
public sealed record CampaignPlan
{
    public required string Name { get; init; }
    public required IReadOnlyList<PlannedVariant> Variants { get; init; }
    public required IReadOnlyList<PlannedDevice> Devices { get; init; }
    public required int Runs { get; init; }
    public double? TrainingSeconds { get; init; }
    public double? DeviceSeconds { get; init; }
}

public sealed record PlannedVariant
{
    public required string Variant { get; init; }
    public required string Name { get; init; }
    public required string Task { get; init; }
    public required string Method { get; init; }
    public required double Compression { get; init; }
    public required long Parameters { get; init; }
    public required long Seed { get; init; }
    /// <summary>Trained already; nothing to do.</summary>
    public required bool Ready { get; init; }
}

public sealed record PlannedDevice
{
    public required string Device { get; init; }
    public required string Name { get; init; }
    public required string Board { get; init; }
    public required string Arch { get; init; }
    public required int Runs { get; init; }
}

/// <summary>One line of <c>campaign list</c>, and the head of <c>campaign show</c>.</summary>
public sealed record CampaignSummary
{
    public required string Campaign { get; init; }
    public required string Name { get; init; }
    /// <summary>Name of the suite that it is a benchmark of; null where it stands alone.</summary>
    public string? Suite { get; init; }
    /// <summary>running | paused | completed | cancelled | failed</summary>
    public required string State { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public required int Variants { get; init; }
    public required int VariantsReady { get; init; }
    public required int VariantsFailed { get; init; }
    public required int Runs { get; init; }
    public required int RunsClosed { get; init; }
    public required int RunsFailed { get; init; }
    public double? SecondsLeft { get; init; }

    /// <summary>Its name within its suite.</summary>
    [JsonIgnore]
    public string Benchmark => Suite is null ? Name : Name[(Suite.Length + 1)..];
}

public sealed record CampaignDetail
{
    public required CampaignSummary Summary { get; init; }
    public required IReadOnlyList<JobSummary> Jobs { get; init; }
    public required IReadOnlyList<CampaignDeviceState> Devices { get; init; }
    /// <summary>What it waits for or why it failed, in plain words.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

public sealed record CampaignDeviceState
{
    public required string Device { get; init; }
    public required string Name { get; init; }
    public required string State { get; init; }
    public required string Activity { get; init; }
    public required double Progress { get; init; }
    public required int RunsClosed { get; init; }
    public required int Runs { get; init; }
}

/// <summary>A server-sent event of <c>/api/campaigns/{id}/events</c>.</summary>
public sealed record CampaignEvent
{
    public required long Sequence { get; init; }
    public required DateTimeOffset At { get; init; }
    /// <summary>state | variant | session | run | note</summary>
    public required string Kind { get; init; }
    public required string Message { get; init; }
    public required CampaignDetail Detail { get; init; }
}

/// <summary><c>GET /api/campaigns/{id}/table</c>: the rows with what the analysis says of them.</summary>
public sealed record CampaignTable
{
    public required CampaignSummary Summary { get; init; }
    public required IReadOnlyList<TableRow> Rows { get; init; }
    /// <summary>What was published of hmd, judged by these rows; empty where they have no hmd, or nothing to compare it with.</summary>
    public IReadOnlyList<ClaimVerdict> Claims { get; init; } = [];
}

public sealed record TableRow
{
    public required ResultRow Row { get; init; }
    /// <summary>No other row of its task, device and condition is at least as good in both metric and latency and better in one.</summary>
    public required bool ParetoBest { get; init; }
    /// <summary>reference | same | faster | slower | inconclusive; null where latency may not be ranked</summary>
    public string? Verdict { get; init; }
}
