using System.Text.Json.Serialization;

namespace Fleet.Domain.Recipes;

/// <summary>How the weights are found. Every property decides the weights.</summary>
public sealed record TrainingSettings
{
    public const int UsualBptt = 35;

    /// <summary>
    /// Sequences of a mini-batch, or streams of tokens, that one thread takes at a time: in a step, more threads than such micro-batches are of no
    /// use.
    /// </summary>
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
    /// <summary>
    /// Schedule <see cref="RateSchedules.Step"/>: after how many epochs the learning rate is multiplied by <see cref="DecayFactor"/>, again and
    /// again.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DecayEvery { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DecayFactor { get; init; }
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
