using Fleet.Kernels.Structures;
using Fleet.Protocol.Training;
using Fleet.Tasks.Data;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>All that decides a variant's weights, checked and ready: shape, data in its parts, settings and seed.</summary>
internal sealed record TrainingPlan(
    ModelStructure Structure,
    TrainingSettings Settings,
    long Seed,
    Sequences<float> Data,
    ValidationSplit Split,
    Normalisation Normalisation)
{
    private const string Fp32 = "fp32";
    private const int MostLayers = 16;
    private const double MostDropout = 0.9;

    public int StepsPerEpoch => (Split.Training.Length + Settings.BatchSize - 1) / Settings.BatchSize;

    public long TotalSteps => (long)StepsPerEpoch * Settings.Epochs;

    /// <exception cref="ArgumentException">The recipe cannot be followed; the message says what is wrong and what may be given.</exception>
    /// <exception cref="TaskDataException">The data does not suffice.</exception>
    public static TrainingPlan Of(Recipe recipe, long seed, SequenceSet data, IReadOnlyList<string> labels)
    {
        CheckSettings(recipe.Training);
        if (recipe.Precision != Fp32)
        {
            throw new ArgumentException($"Precision '{recipe.Precision}' cannot be trained. Known precisions: {Fp32}.");
        }

        var method = WeightMethods.FindTrainable(recipe.Method)
            ?? throw new ArgumentException($"Unknown method '{recipe.Method}'. Known methods: {string.Join(", ", WeightMethods.Trainable.Select(known => known.Name))}.");
        var shape = CellNames.Shape(recipe.Cell, data.Features, Within("hidden", recipe.Hidden, 1, ushort.MaxValue));
        var layers = Within("layers", recipe.LayerCount, 1, MostLayers);
        var structure = new ModelStructure(
            Embedding: null,
            Normalised: true,
            LayerAllocator.Allocate(shape, layers, recipe.Bidirectional, method, recipe.Compression, recipe.MethodParameters),
            new HeadStructure(HeadKind.Sequence, labels.Count));
        var split = ValidationSplit.Of(data, labels, recipe.Training.ValidationFraction);
        var normalisation = Normalisation.Of(data, split.Training);
        return new TrainingPlan(structure, recipe.Training, seed, normalisation.Apply(data), split, normalisation);
    }

    private static void CheckSettings(TrainingSettings settings)
    {
        Within("epochs", settings.Epochs, 1, 100_000);
        Within("batch_size", settings.BatchSize, 1, 65_536);
        Positive("learning_rate", settings.LearningRate);
        Positive("clip_norm", settings.ClipNorm);
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
