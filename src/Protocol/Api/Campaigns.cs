using System.Text.Json.Serialization;

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
    /// <summary>The trained model that must be bound as well; null where the campaign trains its own, and for a suite.</summary>
    public ModelImport? Import { get; init; }
}

/// <summary>One campaign of a suite.</summary>
public sealed record BenchmarkCheck
{
    public required string Name { get; init; }
    /// <summary>Those of its tasks whose data must be bound.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }
}

/// <summary>What a campaign file says of a model that was trained elsewhere.</summary>
public sealed record ModelImport
{
    /// <summary>As the campaign file has it: ONNX, or safetensors with a PyTorch state dict or of Fleet.</summary>
    public required string File { get; init; }
    /// <summary>Of a PyTorch RNN: tanh or relu.</summary>
    public string? Nonlinearity { get; init; }
    /// <summary>Of a PyTorch state dict: name of the linear layer, where several could be it.</summary>
    public string? Head { get; init; }
    /// <summary>Of a PyTorch state dict: name of the embedding, where several could be it.</summary>
    public string? Embedding { get; init; }
    /// <summary>The features are to be normalised over the task's training samples, which the file must not do itself.</summary>
    public bool ByTask { get; init; }
    /// <summary>Mean of each feature where the model was trained, which is taken off; null where nothing was.</summary>
    public IReadOnlyList<double>? Mean { get; init; }
    /// <summary>Of each feature, what it was divided by then.</summary>
    public IReadOnlyList<double>? Deviation { get; init; }
}

/// <summary>A model that was trained elsewhere, by the hash of its file of Fleet, and what it is.</summary>
public sealed record ImportedModel
{
    public required string Sha256 { get; init; }
    /// <summary>As in recipes.</summary>
    public required string Cell { get; init; }
    public required int Hidden { get; init; }
    public required int Layers { get; init; }
    public required bool Bidirectional { get; init; }
    /// <summary>Width of the embedding; null where it reads features.</summary>
    public int? Embedding { get; init; }
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
    /// <summary>Where the check named an import.</summary>
    public ImportedModel? Model { get; init; }
    /// <summary>False: an unfinished campaign of the very same content is taken up again. True: a new one is made.</summary>
    public bool AlwaysNew { get; init; }
}

public sealed record CampaignCreated
{
    public required string Campaign { get; init; }
    /// <summary>An unfinished campaign of the same content was taken up again.</summary>
    public required bool Resumed { get; init; }
    /// <summary>Of a suite: it was complete already, and nothing is done.</summary>
    public bool Complete { get; init; }
    public required CampaignPlan Plan { get; init; }
}

/// <summary>What a campaign would do. Times are null until something like it was trained or measured here.</summary>
public sealed record CampaignPlan
{
    public required string Name { get; init; }
    public required IReadOnlyList<PlannedVariant> Variants { get; init; }
    public required IReadOnlyList<PlannedDevice> Devices { get; init; }
    public required int Runs { get; init; }
    /// <summary>From what like it took here; null where nothing was trained here yet.</summary>
    public double? TrainingSeconds { get; init; }
    /// <summary>From how long runs of the task took here; null where none was measured yet.</summary>
    public double? DeviceSeconds { get; init; }
    /// <summary>What the limits of time in the campaign's file allow each device for measuring, sessions' overhead not included.</summary>
    public double? DeviceSecondsAtMost { get; init; }
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
    /// <summary>In the document of <c>fleet campaign show --json</c> alone: the API has a route of its own for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CampaignTable? Table { get; init; }
}

public sealed record CampaignDeviceState
{
    public required string Device { get; init; }
    public required string Name { get; init; }
    /// <summary>As in <see cref="DeviceSummary.State"/>, or removed.</summary>
    public required string State { get; init; }
    public required string Activity { get; init; }
    public required double Progress { get; init; }
    public required int RunsClosed { get; init; }
    public required int Runs { get; init; }
    /// <summary>device-silent | device-excluded | device-removed: why the campaign waits for it no longer; null while it takes part.</summary>
    public string? Left { get; init; }
    /// <summary>Of a device that left: since when it has been silent, or when it was excluded or removed.</summary>
    public DateTimeOffset? LeftSince { get; init; }
    /// <summary>Of a silent device with runs to do: until when the campaign waits for it.</summary>
    public DateTimeOffset? WaitedForUntil { get; init; }
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
