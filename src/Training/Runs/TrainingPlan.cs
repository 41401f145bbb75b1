using Fleet.Kernels.Structures;
using Fleet.Protocol.Training;
using Fleet.Tasks.Data;
using Fleet.Training.Data;
using Fleet.Training.Networks;
using Fleet.Training.Optimisation;

namespace Fleet.Training.Runs;

/// <summary>All that decides a variant's weights, checked and ready: shape, data in its parts, settings and seed.</summary>
/// <param name="Asked">The dense model of the asked size, which compression is counted against.</param>
internal abstract record TrainingPlan(ModelStructure Asked, ModelStructure Structure, TrainingSettings Settings, long Seed)
{
    private const string Fp32 = "fp32";
    private const int MostLayers = 16;
    private const double MostDropout = 0.9;

    /// <summary>Mini-batches of an epoch.</summary>
    public abstract int StepsPerEpoch { get; }

    /// <summary>Sequences or tokens that an epoch learns from.</summary>
    public abstract long SamplesPerEpoch { get; }

    /// <summary>Steps of the sequences, or windows, that the model is trained on.</summary>
    public abstract int SequenceSteps { get; }

    /// <summary>What features are brought to before the network reads them; null where it reads tokens.</summary>
    public abstract Normalisation? Normalisation { get; }

    /// <summary>What is held back for validation, for people.</summary>
    public abstract string HeldBack { get; }

    /// <summary>How epochs are judged by the validation part.</summary>
    public abstract ValidationMetric Metric { get; }

    public long TotalSteps => (long)StepsPerEpoch * Settings.Epochs;

    /// <summary>The mini-batches of this plan, for so many threads.</summary>
    public abstract TrainingBatches CreateBatches(Network<float> network, int threads);

    /// <summary>A class for each sequence of features.</summary>
    /// <exception cref="ArgumentException">The recipe cannot be followed; the message says what is wrong and what may be given.</exception>
    /// <exception cref="TaskDataException">The data does not suffice.</exception>
    public static SequencePlan Of(Recipe recipe, long seed, SequenceSet data, IReadOnlyList<string> labels)
    {
        Check(recipe);
        if (recipe.Embedding is not null || recipe.Training.Bptt is not null)
        {
            throw new ArgumentException("embedding and bptt are for tasks of tokens; this one has features and whole sequences.");
        }

        var (asked, structure) = Structures(recipe, data.Features, layers =>
            new ModelStructure(Embedding: null, Normalised: true, layers, new HeadStructure(HeadKind.Sequence, labels.Count)));
        var split = ValidationSplit.Of(data, labels, recipe.Training.ValidationFraction);
        var normalisation = Normalisation.Of(data, split.Training);
        return new SequencePlan(asked, structure, recipe.Training, seed, normalisation.Apply(data), split, normalisation);
    }

    /// <summary>The next token of a stream.</summary>
    /// <param name="training">Tokens to learn from, 0 to <paramref name="vocabulary"/> - 1, in the order of the text.</param>
    /// <param name="validation">Tokens to choose between epochs by.</param>
    /// <inheritdoc cref="Of(Recipe, long, SequenceSet, IReadOnlyList{string})"/>
    public static LanguagePlan Of(Recipe recipe, long seed, int[] training, int[] validation, int vocabulary)
    {
        Check(recipe);
        if (recipe.Bidirectional)
        {
            throw new ArgumentException("A bidirectional model would read the tokens that it is to tell. Leave bidirectional out.");
        }

        var width = Within("embedding", recipe.Embedding ?? recipe.Hidden, 1, ushort.MaxValue);
        var bptt = Within("bptt", recipe.Training.Bptt ?? TrainingSettings.UsualBptt, 1, 10_000);
        var (asked, structure) = Structures(recipe, width, layers =>
            new ModelStructure(new EmbeddingStructure(vocabulary, width), Normalised: false, layers, new HeadStructure(HeadKind.Language, vocabulary)));
        return new LanguagePlan(
            asked,
            structure,
            recipe.Training,
            seed,
            bptt,
            new TokenStreams(training, vocabulary, recipe.Training.BatchSize),
            new TokenStreams(validation, vocabulary, LanguagePlan.ValidationStreams(validation.Length)));
    }

    private static (ModelStructure Asked, ModelStructure Structure) Structures(
        Recipe recipe, int input, Func<IReadOnlyList<LayerStructure>, ModelStructure> model)
    {
        var method = CellMethods.Find(recipe.Method)
            ?? throw new ArgumentException($"Unknown method '{recipe.Method}'. Known methods: {string.Join(", ", CellMethods.Names)}.");
        var lowest = CellNames.Shape(recipe.Cell, input, Within("hidden", recipe.Hidden, 1, ushort.MaxValue));
        var layers = Within("layers", recipe.LayerCount, 1, MostLayers);
        return (
            model(LayerAllocator.Dense(lowest, layers, recipe.Bidirectional)),
            model(LayerAllocator.Allocate(lowest, layers, recipe.Bidirectional, method, recipe.Compression, recipe.MethodParameters)));
    }

    private static void Check(Recipe recipe)
    {
        if (recipe.Precision != Fp32)
        {
            throw new ArgumentException($"Precision '{recipe.Precision}' cannot be trained. Known precisions: {Fp32}.");
        }

        var settings = recipe.Training;
        Within("epochs", settings.Epochs, 1, 100_000);
        Within("batch_size", settings.BatchSize, 1, 65_536);
        Positive("learning_rate", settings.LearningRate);
        Positive("clip_norm", settings.ClipNorm);
        RateSchedule.Of(settings, stepsPerEpoch: 1);
        if (settings.Patience is { } patience)
        {
            Within("patience", patience, 1, 100_000);
        }

        if (!(settings.Dropout is >= 0 and <= MostDropout))
        {
            throw new ArgumentException($"dropout is {settings.Dropout}, but must be 0 to {MostDropout}.");
        }
    }

    private static int Within(string name, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new ArgumentException($"{name} is {value}, but must be {least} to {most}.");

    private static void Positive(string name, double value)
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            throw new ArgumentException($"{name} is {value}, but must be a positive number.");
        }
    }
}
