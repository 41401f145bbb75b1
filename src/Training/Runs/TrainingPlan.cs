using Fleet.Domain.Recipes;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Data;
using Fleet.Tasks.Packs;
using Fleet.Training.Arithmetic;
using Fleet.Training.Compression;
using Fleet.Training.Data;
using Fleet.Training.Networks;
using Fleet.Training.Optimisation;

namespace Fleet.Training.Runs;

/// <summary>All that decides a variant's weights, checked and ready: shape, data in its parts, settings and seed.</summary>
/// <param name="Asked">The dense model of the asked size, which compression is counted against.</param>
public abstract record TrainingPlan(ModelStructure Asked, ModelStructure Structure, TrainingSettings Settings, long Seed)
{
    private const int MaxLayers = 16;
    private const double MaxDropout = 0.9;
    private const int MaxRetries = 100;

    // Vectors that each matrix is seen to read, about, when a model is calibrated.
    private const int CalibrationVectors = 16_384;

    /// <summary>Weights to begin with, as <see cref="ModelCompression"/> gives them; null where they are random.</summary>
    public IReadOnlyDictionary<string, double[]>? Start { get; init; }

    /// <summary>Training counts as the model in int8 does, and that is what becomes of it.</summary>
    public bool IsQuantisationAware { get; init; }

    /// <summary>What is pruned begins with the weights that are left in the end.</summary>
    public bool BeginsPruned { get; init; }

    /// <summary>Mini-batches of an epoch.</summary>
    public abstract int StepsPerEpoch { get; }

    /// <summary>Sequences or tokens that an epoch learns from.</summary>
    public abstract long SamplesPerEpoch { get; }

    /// <summary>Steps of the sequences, or windows, that the model is trained on.</summary>
    public abstract int SequenceSteps { get; }

    /// <summary>What features are brought to before the network reads them; null where it reads tokens.</summary>
    internal abstract Normalisation? Normalisation { get; }

    /// <summary>What is held back for validation, for people.</summary>
    public abstract string HeldBack { get; }

    /// <summary>How epochs are judged by the validation part.</summary>
    public abstract ValidationMetric Metric { get; }

    public long TotalSteps => (long)StepsPerEpoch * Settings.Epochs;

    /// <summary>The same where training has diverged so often, each time at half the learning rate of the time before.</summary>
    public TrainingPlan After(int divergences) => this with
    {
        // By a power of two, which is exact.
        Settings = Settings with { LearningRate = Settings.LearningRate / Math.Pow(2, divergences) },
    };

    /// <summary>The mini-batches of this plan, for so many threads.</summary>
    internal abstract TrainingBatches CreateBatches(Network<float> network, int threads);

    /// <summary>The metric over the validation part as the kernels of a board have it.</summary>
    /// <param name="model">It is given what the network is given: features that are normalised.</param>
    public abstract double Validate(SequenceModel model, CancellationToken cancel);

    /// <summary>Runs the network over windows that are spread over what is trained on, whole micro-batches of them.</summary>
    internal abstract void Look(Network<float> network, CancellationToken cancel);

    /// <summary>MicroBatches of <see cref="MicroBatch.Samples"/> sequences of so many steps to look at, of those that there are.</summary>
    protected static int CalibrationMicroBatches(int steps, int available) =>
        Math.Clamp(CalibrationVectors / (steps * MicroBatch.Samples), 1, Math.Max(1, available / MicroBatch.Samples));

    /// <summary>The plan for a task as it is packed: sequences of features, or tokens.</summary>
    /// <param name="given">The trained model that the recipe refers to, the dense one or its like in fp32, or the one that it imports; else null.</param>
    /// <exception cref="ArgumentException">The recipe cannot be followed; the message says what is wrong and what may be given.</exception>
    /// <exception cref="TaskDataException">The data does not suffice.</exception>
    public static TrainingPlan Of(Recipe recipe, long seed, TaskPack data, ModelDocument? given) => data switch
    {
        PackedSet sequences => Of(recipe, seed, sequences.Data, data.Metadata.Labels, given),
        PackedTokens text => Of(recipe, seed, Numbers(text.Tokens), Numbers(text.Validation), data.Metadata.Labels, given),
        _ => throw new ArgumentException($"A pack of {data.GetType()} cannot be trained on."),
    };

    /// <summary>A class for each sequence of features.</summary>
    /// <inheritdoc cref="Of(Recipe, long, TaskPack, ModelDocument?)"/>
    internal static SequencePlan Of(Recipe recipe, long seed, SequenceSet data, IReadOnlyList<string> labels, ModelDocument? given = null)
    {
        Check(recipe, given);
        if (recipe.Embedding is not null || recipe.Training.Bptt is not null)
        {
            throw new ArgumentException("embedding and bptt are for tasks of tokens; this one has features and whole sequences.");
        }

        var (asked, structure) = Structures(recipe, data.Features, layers =>
            new ModelStructure(Embedding: null, Normalised: true, layers, new HeadStructure(HeadKind.Sequence, labels.Count)));
        var split = ValidationSplit.Of(data, labels, recipe.Training.ValidationFraction);
        CheckGiven(recipe, given, asked, structure, labels);
        // The weights that are there are made for what the dense model reads.
        var normalisation = given is null || recipe.Import is { Normalise: ImportSettings.ByTask }
            ? Normalisation.Of(data, split.Training)
            : Normalisation.Of(given);
        return new SequencePlan(asked, structure, recipe.Training, seed, normalisation.Apply(data), split, normalisation)
        {
            Start = Begin(recipe, given, structure),
            IsQuantisationAware = recipe.Quantisation == Quantisations.Aware,
            BeginsPruned = recipe.From == Precisions.Fp32,
            Teaching = recipe is { QuantisesTrained: false, Distil: { } settings } ? new Teaching(given!, settings) : null,
        };
    }

    /// <summary>The next token of a stream.</summary>
    /// <param name="training">Tokens to learn from, numbers of <paramref name="vocabulary"/>, in the order of the text.</param>
    /// <param name="validation">Tokens to choose between epochs by.</param>
    /// <inheritdoc cref="Of(Recipe, long, TaskPack, ModelDocument?)"/>
    internal static LanguagePlan Of(Recipe recipe, long seed, int[] training, int[] validation, IReadOnlyList<string> vocabulary, ModelDocument? given = null)
    {
        Check(recipe, given);
        if (recipe.Distil is not null)
        {
            throw new ArgumentException("distil is for tasks of whole sequences; this one predicts tokens.");
        }

        if (recipe.Bidirectional)
        {
            throw new ArgumentException("A bidirectional model would read the tokens that it is to predict. Leave bidirectional out.");
        }

        var width = Within("embedding", recipe.Embedding ?? recipe.Hidden, 1, ushort.MaxValue);
        var bptt = Within("bptt", recipe.Training.Bptt ?? TrainingSettings.UsualBptt, 1, 10_000);
        var words = vocabulary.Count;
        var (asked, structure) = Structures(recipe, width, layers =>
            new ModelStructure(new EmbeddingStructure(words, width), Normalised: false, layers, new HeadStructure(HeadKind.Language, words)));
        CheckGiven(recipe, given, asked, structure, vocabulary);
        return new LanguagePlan(
            asked,
            structure,
            recipe.Training,
            seed,
            bptt,
            new TokenStreams(training, words, recipe.Training.BatchSize),
            new TokenStreams(validation, words, LanguagePlan.ValidationStreams(validation.Length)))
        {
            Start = Begin(recipe, given, structure),
            IsQuantisationAware = recipe.Quantisation == Quantisations.Aware,
            BeginsPruned = recipe.From == Precisions.Fp32,
        };
    }

    private static (ModelStructure Asked, ModelStructure Structure) Structures(
        Recipe recipe, int input, Func<IReadOnlyList<LayerStructure>, ModelStructure> model)
    {
        var method = CellMethods.Find(recipe.Method)
            ?? throw new ArgumentException($"Unknown method '{recipe.Method}'. Known methods: {string.Join(", ", CellMethods.Names)}.");
        var lowest = CellNames.Shape(recipe.Cell, input, Within("hidden", recipe.Hidden, 1, ushort.MaxValue));
        var layers = Within("layers", recipe.LayerCount, 1, MaxLayers);
        return (
            model(LayerAllocator.Dense(lowest, layers, recipe.Bidirectional)),
            model(LayerAllocator.Allocate(lowest, layers, recipe.Bidirectional, method, recipe.Compression, recipe.MethodParameters)));
    }

    private static int[] Numbers(ushort[] tokens) => Array.ConvertAll(tokens, token => (int)token);

    private static IReadOnlyDictionary<string, double[]>? Begin(Recipe recipe, ModelDocument? given, ModelStructure structure) =>
        recipe.QuantisesTrained || (recipe.From is null && recipe.Import is null) ? null
            : recipe.From == Precisions.Fp32 ? TrainedWeights.Of(given!)
            : ModelCompression.Compress(given!, structure);

    private static void CheckGiven(Recipe recipe, ModelDocument? given, ModelStructure asked, ModelStructure structure, IReadOnlyList<string> labels)
    {
        if (given is null)
        {
            return;
        }

        if (!recipe.NeedsFp32)
        {
            CheckDense(given, asked);
        }
        else if (given.Structure != structure)
        {
            throw new ArgumentException(
                "The model that is given is not what the recipe makes in fp32:"
                    + $" it is {given.Metadata.Method} in {given.Structure.Precision.ToString().ToLowerInvariant()} with"
                    + $" {given.Structure.Parameters} parameters, and {recipe.Method} in fp32 with {structure.Parameters} is asked for.");
        }

        // The counts are the same by now. A vocabulary is too long to be told whole.
        if (given.Metadata.Labels is { Count: > 0 } own
            && own.Zip(labels).Index().FirstOrDefault(pair => pair.Item.First != pair.Item.Second) is { Item.First: not null } differing)
        {
            throw new ArgumentException($"The dense model's class {differing.Index} is '{differing.Item.First}', but the task's is '{differing.Item.Second}'.");
        }
    }

    private static void CheckDense(ModelDocument given, ModelStructure asked)
    {
        try
        {
            ModelCompression.Check(given.Structure, asked);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"The dense model does not go with the recipe: {error.Message}.", error);
        }
    }

    private static void Check(Recipe recipe, ModelDocument? given)
    {
        var wanted = recipe.NeedsFp32 ? "trained fp32" : "dense";
        if (recipe.NeedsModel != given is not null)
        {
            throw new ArgumentException(
                given is null ? $"The recipe refers to a {wanted} model, and none is given." : $"A {wanted} model is given that the recipe does not refer to.");
        }

        if (!Precisions.All.Contains(recipe.Precision))
        {
            throw new ArgumentException($"Unknown precision '{recipe.Precision}'. Known precisions: {string.Join(", ", Precisions.All)}.");
        }

        if (recipe.Quantisation is { } way && (recipe.Precision != Precisions.Int8 || !Quantisations.All.Contains(way)))
        {
            throw new ArgumentException(
                $"The recipe's quantisation is '{way}' and its precision {recipe.Precision}. Known for int8: {string.Join(", ", Quantisations.All)}.");
        }

        if (recipe.From == Precisions.Fp32 && recipe.Quantisation is null)
        {
            throw new ArgumentException("Only what is trained in int8, with quantisation 'aware', begins from its like in fp32.");
        }

        var settings = recipe.Training;
        CheckImport(recipe, given);
        // What is imported is not trained, nor is what is only quantised.
        Within("epochs", settings.Epochs, recipe.Import is null && !recipe.QuantisesTrained ? 1 : 0, recipe.Import is null ? 100_000 : 0);
        Within("batch_size", settings.BatchSize, 1, 65_536);
        Positive("learning_rate", settings.LearningRate);
        Within("retries", settings.Retries, 0, MaxRetries);
        Positive("clip_norm", settings.ClipNorm);
        RateSchedule.Of(settings, stepsPerEpoch: 1);
        if (settings.Patience is { } patience)
        {
            Within("patience", patience, 1, 100_000);
        }

        if (!(settings.Dropout is >= 0 and <= MaxDropout))
        {
            throw new ArgumentException($"dropout is {settings.Dropout}, but must be 0 to {MaxDropout}.");
        }
    }

    private static void CheckImport(Recipe recipe, ModelDocument? given)
    {
        if (recipe.Import is not { } import)
        {
            return;
        }

        if (recipe.NeedsDense || recipe.Method != DenseStructure.Name)
        {
            throw new ArgumentException("An imported model is the dense variant and stays as it is; others begin from it.");
        }

        if (import.Normalise is not (null or ImportSettings.ByTask))
        {
            throw new ArgumentException($"Unknown normalisation '{import.Normalise}' of an imported model. Known: {ImportSettings.ByTask}.");
        }

        if (import.Normalise is not null && given!.Structure is { Normalised: true } or { Embedding: not null })
        {
            throw new ArgumentException($"The imported model normalises its features itself, or reads tokens; '{import.Normalise}' would do it again.");
        }
    }

    private static int Within(string name, int value, int min, int max) => value >= min && value <= max
        ? value
        : throw new ArgumentException($"{name} is {value}, but must be {min} to {max}.");

    private static void Positive(string name, double value)
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            throw new ArgumentException($"{name} is {value}, but must be a positive number.");
        }
    }
}
