using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Language.Keys;

/// <summary>What may stand in <c>training</c>.</summary>
internal static class TrainingKeys
{
    public const int MaxEpochs = 10_000;
    private static readonly TrainingSettings Usual = new();

    public static KeySection Section { get; } = new("training", "How the weights of all variants are found ([training.md](training.md)).");

    public static NumberKey<int> Epochs { get; } = Section.Integer(
        "epochs", Usual.Epochs, 1, MaxEpochs, new("Passes over the training data.", "epochs: 40", "epochs"));

    public static NumberKey<int> BatchSize { get; } = Section.Integer("batch_size", Usual.BatchSize, 1, 65_536,
        new("Sequences, or streams of tokens, in a mini-batch.", "batch_size: 32", "sequences"));

    public static NumberKey<double> LearningRate { get; } = Section.Real("learning_rate", Usual.LearningRate, 1e-8, 10,
        new("Adam's learning rate, which `schedule` changes over all steps.", "learning_rate: 0.001"));

    public static ChoiceKey Schedule { get; } = Section.Choice("schedule", RateSchedules.All,
        new("How the learning rate falls: along a cosine to zero, not at all, or in steps (`decay_every`).", "schedule: step"));

    public static NumberKey<double> Warmup { get; } = Section.Real("warmup", Usual.Warmup, 0, MaxEpochs,
        new("Epochs over which the learning rate first rises. Less than `epochs`.", "warmup: 2", "epochs"));

    public static NumberKey<int> DecayEvery { get; } = Section.OptionalInteger("decay_every", "a quarter of `epochs`", 1, MaxEpochs,
        new("Of the schedule `step`: after how many epochs the learning rate is multiplied by `decay_factor`, again and again.", "decay_every: 10", "epochs"));

    public static NumberKey<double> DecayFactor { get; } = Section.Real("decay_factor", 0.5, 0.001, 1,
        new("Of the schedule `step`.", "decay_factor: 0.8"));

    public static NumberKey<double> ClipNorm { get; } = Section.Real("clip_norm", Usual.ClipNorm, 1e-6, 1e6,
        new("Maximum L2 norm of the whole gradient; a larger one is scaled down to it.", "clip_norm: 5"));

    public static NumberKey<double> Dropout { get; } = Section.Real("dropout", Usual.Dropout, 0, 0.9,
        new("Probability with which an input of the head, or of a layer above the first, is dropped in a step.", "dropout: 0.2", "probability"));

    public static NumberKey<double> ValidationFraction { get; } = Section.Real("validation_fraction", Usual.ValidationFraction, 0.01, 0.5,
        new(
            "Part of the training data that is held back for validation: whole persons where the data names them, else contiguous blocks.",
            "validation_fraction: 0.2",
            "share"));

    public static NumberKey<int> Patience { get; } = Section.OptionalInteger("patience", "no early stopping", 1, MaxEpochs,
        new("Training ends when no epoch was better on the validation part for so many epochs, and the best one is taken.", "patience: 10", "epochs"));

    public static NumberKey<int> Retries { get; } = Section.Integer("retries", Usual.Retries, 0, 10,
        new("How often a training whose loss becomes NaN or infinite begins anew, each time at half the learning rate.", "retries: 2", "times"));

    public static NumberKey<int> Bptt { get; } = Section.OptionalInteger("bptt", "35", 1, 10_000,
        new("Of a task of tokens: steps of a window, which gradients do not leave.", "bptt: 70", "steps"));
}
