using System.Text.Json.Serialization;

namespace Fleet.Protocol.Training;

/// <summary>What a variant is made of: method, parameters, precision and training settings. Part of the variant's identity.</summary>
public sealed record Recipe
{
    /// <summary>lstm | gru | gru-reset-before | rnn | rnn-relu | fastgrnn</summary>
    public required string Cell { get; init; }
    public required int Hidden { get; init; }
    /// <summary>Recurrent layers one upon the other; null stands for one, which is written as null: see <see cref="LayerCount"/>.</summary>
    /// <remarks>What has its usual value is left out, as in all settings that came later, so that the keys of variants without it stay what they were.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Layers { get; init => field = value == 1 ? null : value; }
    [JsonIgnore]
    public int LayerCount => Layers ?? 1;
    /// <summary>Each layer reads the sequence from both ends.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Bidirectional { get; init; }
    /// <summary>Of a task of tokens: width of the embedding; null: as many as <see cref="Hidden"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Embedding { get; init; }
    /// <summary>As campaign files name it: dense, small, or a way to structure the weights.</summary>
    public required string Method { get; init; }
    /// <summary>Asked compression factor over the cell's weights; 1 for dense.</summary>
    public required double Compression { get; init; }
    /// <summary>The method's own parameters, by name (<c>k</c>, <c>shared</c>, <c>input</c>), only those that were given.</summary>
    public SortedDictionary<string, string> MethodParameters { get; init; } = [];
    /// <summary>One of <see cref="Precisions.All"/>.</summary>
    public string Precision { get; init; } = Precisions.Fp32;
    /// <summary>
    /// Of int8: <see cref="Quantisations.Aware"/>, where training itself counts with quantised weights and activations; null:
    /// <see cref="Quantisations.After"/>, which is written as null.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Quantisation { get; init => field = value == Quantisations.After ? null : value; }
    public required TrainingSettings Training { get; init; }
    /// <summary>
    /// What the weights begin as: <c>dense</c>, those of the campaign's dense variant of the same seed, compressed; <c>fp32</c>, those
    /// of the fp32 variant of the same form; null for random ones.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }
    /// <summary>How much is learnt from what the dense variant answers; null where only the labels teach.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DistillationSettings? Distil { get; init; }
    /// <summary>Of a campaign's dense variant that was trained elsewhere: the model that it is, as it is; null where it is trained here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImportSettings? Import { get; init; }
    /// <summary>No training of its own: the trained model of the same recipe in fp32 is quantised.</summary>
    [JsonIgnore]
    public bool QuantisesTrained => Precision == Precisions.Int8 && Quantisation is null;
    /// <summary>The trained fp32 model of the same form decides the weights, too.</summary>
    [JsonIgnore]
    public bool NeedsFp32 => QuantisesTrained || From == Precisions.Fp32;
    /// <summary>The trained dense model decides the weights, too.</summary>
    [JsonIgnore]
    public bool NeedsDense => !NeedsFp32 && (From is not null || Distil is not null);
    /// <summary>A model that is there already decides the weights, too.</summary>
    [JsonIgnore]
    public bool NeedsModel => NeedsDense || NeedsFp32 || Import is not null;
}

/// <summary>A model that was trained elsewhere, and how it is fed.</summary>
public sealed record ImportSettings
{
    /// <summary>Value of <see cref="Normalise"/>: each feature is brought to mean 0 and variance 1 over the samples that are trained on.</summary>
    public const string ByTask = "task";

    /// <summary>Of the model, as a file of Fleet.</summary>
    public required string Sha256 { get; init; }
    /// <summary><see cref="ByTask"/>; null: the model reads the data's features as they come, or normalises them itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Normalise { get; init; }
}

/// <summary>
/// Learning from a trained dense model: the loss is (1 - a) cross-entropy + a T^2 KL(teacher || student), both with their logits
/// divided by T.
/// </summary>
/// <remarks>Source: Hinton, Vinyals and Dean 2015.</remarks>
public sealed record DistillationSettings
{
    /// <summary>a</summary>
    public double Weight { get; init; } = 0.5;
    /// <summary>T</summary>
    public double Temperature { get; init; } = 2;
}

/// <summary>How the weights are found. Every property decides the weights.</summary>
public sealed record TrainingSettings
{
    public const int UsualBptt = 35;

    /// <summary>Sequences of a mini-batch, or streams of tokens, that one thread takes at a time: in a step, more threads than such micro-batches are of no use.</summary>
    public const int MicroBatchSize = 32;

    /// <summary>0 of an imported model only, which stays as it is.</summary>
    public int Epochs { get; init; } = 25;
    public int BatchSize { get; init; } = 64;
    /// <summary>Adam's learning rate, which <see cref="Schedule"/> changes over all steps.</summary>
    public double LearningRate { get; init; } = 0.003;
    /// <summary>How often a training whose loss becomes NaN or infinite begins anew, each time at half the learning rate.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Retries { get; init; }
    /// <summary>Maximum L2 norm of the whole gradient; larger ones are scaled down to it.</summary>
    public double ClipNorm { get; init; } = 1.0;
    /// <summary>Part of the training data held back for validation: whole persons where the data names them, else contiguous blocks.</summary>
    public double ValidationFraction { get; init; } = 0.1;
    /// <summary>Probability with which an input of a layer but the first, or of the head, is dropped in a step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Dropout { get; init; }
    /// <summary>Of a task of tokens: steps of a window, which gradients do not leave; null: <see cref="UsualBptt"/>, which is written as null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Bptt { get; init => field = value == UsualBptt ? null : value; }
    /// <summary>Early stopping: training ends when no epoch was better on the validation part for so many epochs, and the best is taken; null: never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Patience { get; init; }
    /// <summary>One of <see cref="RateSchedules.All"/>; null: <see cref="RateSchedules.Cosine"/>, which is written as null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Schedule { get; init => field = value == RateSchedules.Cosine ? null : value; }
    /// <summary>Epochs over which the learning rate first rises to its value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Warmup { get; init; }
    /// <summary>Schedule <see cref="RateSchedules.Step"/>: after how many epochs the learning rate is multiplied by <see cref="DecayFactor"/>, again and again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DecayEvery { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DecayFactor { get; init; }
}

/// <summary>The job file of the trainer program: <c>fleet-trainer --job FILE</c>.</summary>
public sealed record TrainingJob
{
    /// <summary>The variant's key.</summary>
    public required string Variant { get; init; }
    public required string VariantName { get; init; }
    public required string Task { get; init; }
    public required Recipe Recipe { get; init; }
    public required long Seed { get; init; }
    /// <summary>Packed training data (path), verified against <see cref="TrainingDataSha256"/> before use.</summary>
    public required string TrainingDataPath { get; init; }
    public required string TrainingDataSha256 { get; init; }
    /// <summary>The trained model (path) that the recipe refers to, the dense one or the one in fp32, or the one that it imports, verified likewise; null where there is none.</summary>
    public string? DenseModelPath { get; init; }
    public string? DenseModelSha256 { get; init; }
    /// <summary>How many cores it may use. Decides how fast, never which weights.</summary>
    public required int Threads { get; init; }
    /// <summary>Bytes of memory that it may use, the runtime's own included; null: as many as there are. A job that needs more fails with that reason.</summary>
    public long? MemoryBytes { get; init; }
    /// <summary>Folder for checkpoints, kept between attempts; the trainer makes it if need be.</summary>
    public required string CheckpointFolder { get; init; }
    /// <summary>Where the finished model goes, written atomically.</summary>
    public required string OutputPath { get; init; }
}

/// <summary>One line of the trainer's standard output, as JSON.</summary>
public sealed record TrainingEvent
{
    /// <summary>
    /// started | waiting (for the machine; <c>started</c> comes again when it is had) | epoch | diverged (and begins anew at a smaller
    /// learning rate) | done | failed
    /// </summary>
    public required string Event { get; init; }
    public int? Epoch { get; init; }
    public int? Epochs { get; init; }
    public double? Loss { get; init; }
    /// <summary>The task's metric on the validation part.</summary>
    public double? Validation { get; init; }
    public double? SamplesPerSecond { get; init; }
    public double? SecondsLeft { get; init; }
    /// <summary>Set on <c>done</c>.</summary>
    public TrainedModel? Model { get; init; }
    /// <summary>Set on <c>failed</c> and <c>diverged</c>: what went wrong, in plain words.</summary>
    public string? Reason { get; init; }
    /// <summary>Set on <c>failed</c> where it failed because a disk is full: the same job goes on when there is room.</summary>
    public bool? NoRoom { get; init; }
}

/// <summary>What is known of a model once it is trained.</summary>
public sealed record TrainedModel
{
    public required string Sha256 { get; init; }
    public required long Bytes { get; init; }
    public required double Compression { get; init; }
    public required double CompressionModel { get; init; }
    public required long Parameters { get; init; }
    public required long MacsPerStep { get; init; }
    public required double Validation { get; init; }
    /// <summary>The method's parameters as they came out: <c>r</c>, <c>k</c>, <c>d</c>, <c>sparsity</c>.</summary>
    public required SortedDictionary<string, string> MethodParameters { get; init; }
    public required double TrainingSeconds { get; init; }
}
