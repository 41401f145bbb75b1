using Fleet.Campaigns.Language.Keys;
using Fleet.Domain.Recipes;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Language;

/// <summary>How a variant finds its weights, where that is not how the campaign's others do.</summary>
internal sealed record Learning(string? From, TrainingSettings Training, DistillationSettings? Distil);

/// <summary>
/// Reads of a variant <c>from</c>, <c>fine_tune</c> and <c>distil</c>. A dense variant has none of them, for it is what they refer to,
/// unless it learns to be in int8. But where it is an imported model, which stays as it is, another dense variant may be the same, tuned.
/// </summary>
internal static class LearningReader
{
    private static readonly string[] Starts = [DenseStructure.Name];

    /// <param name="training">The campaign's.</param>
    /// <param name="readsTokens">The campaign's task is one of tokens.</param>
    /// <param name="imports">The dense variant is an imported model.</param>
    public static Learning Read(SectionReader variant, ICellMethod method, TrainingSettings training, bool readsTokens, bool imports, Quantising quantising)
    {
        var isDense = method.Name == DenseStructure.Name;
        // A small cell has no weights that would come of the large one's.
        IReadOnlyList<string> starts =
        [
            .. method is IWeightMethod && (!isDense || imports) ? Starts : [],
            .. quantising.IsAwareOnly ? (string[])[Precisions.Fp32] : [],
        ];
        if (!quantising.IsAwareOnly && variant.Peek(VariantKeys.From) is YamlText { Text: Precisions.Fp32 } early)
        {
            variant.Problems.Add(
                early.At,
                $"'{VariantKeys.From}: {Precisions.Fp32}' is for variants that learn to be in int8.",
                $"Give this one 'precision: {Precisions.Int8}' and 'quantisation: {Quantisations.Aware}', or leave '{VariantKeys.From}' out.");
            // What is said of the rest goes with it.
            _ = (variant.Value(VariantKeys.From), variant.Value(VariantKeys.FineTune), variant.Value(VariantKeys.Distil));
            return new Learning(null, training, null);
        }

        var from = starts.Count > 0 && variant.Choice(VariantKeys.From, "", starts) is { Length: > 0 } start ? start : null;
        var tuned = starts.Count > 0 ? Tuning(variant, from, starts[^1], training) : training;
        if (isDense && imports && from is null)
        {
            return OfImported(variant, training, quantising);
        }

        if (from == Precisions.Fp32 && variant.Value(VariantKeys.Distil) is { } stray)
        {
            variant.Problems.Add(
                stray.At,
                $"'{VariantKeys.Distil}' learns from the dense variant, but this one begins from its like in fp32.",
                $"Leave '{VariantKeys.Distil}' out, or '{VariantKeys.From}'.");
            return new Learning(from, tuned, null);
        }

        return new Learning(from, tuned, isDense ? null : Distillation(variant, readsTokens));
    }

    // Of the settings of a training only those that say what it is judged by.
    private static Learning OfImported(SectionReader variant, TrainingSettings training, Quantising quantising)
    {
        if (quantising.Way == Quantisations.Aware && quantising.Precisions.Contains(Precisions.Int8))
        {
            variant.Problems.Add(
                variant.PlaceOf(VariantKeys.Quantisation),
                "The imported model is not trained, so it cannot learn to be in int8.",
                $"Give a variant of its own 'precision: {Precisions.Int8}', 'quantisation: {Quantisations.Aware}'"
                    + $" and '{VariantKeys.From}: {Precisions.Fp32}'.");
        }

        return new Learning(
            null,
            new TrainingSettings { Epochs = 0, BatchSize = training.BatchSize, ValidationFraction = training.ValidationFraction, Bptt = training.Bptt },
            null);
    }

    private static TrainingSettings Tuning(SectionReader variant, string? from, string start, TrainingSettings training)
    {
        var section = variant.Section(VariantKeys.FineTune);
        if (from is null && variant.Value(VariantKeys.FineTune) is { } stray)
        {
            variant.Problems.Add(
                stray.At,
                $"'{VariantKeys.FineTune}' says how weights that are there are tuned, but this variant begins from none.",
                $"Add '{VariantKeys.From}: {start}', or say it for all variants in 'training'.");
            return training;
        }

        var tuned = training with
        {
            Epochs = section.Integer(VariantKeys.FineTuneEpochs, training.Epochs),
            LearningRate = section.Real(VariantKeys.FineTuneLearningRate, training.LearningRate),
        };
        section.Finish($"'{VariantKeys.FineTune}'");
        if (tuned.Warmup >= tuned.Epochs && training.Warmup < training.Epochs)
        {
            variant.Problems.Add(
                section.PlaceOf(VariantKeys.FineTuneEpochs),
                $"'{VariantKeys.FineTune}' has {tuned.Epochs} epochs, but 'warmup' in 'training' takes {tuned.Warmup} of them.",
                "Give it more epochs, or 'training' a shorter warmup.");
        }

        return tuned;
    }

    private static DistillationSettings? Distillation(SectionReader variant, bool readsTokens)
    {
        if (variant.Value(VariantKeys.Distil) is not { } value)
        {
            return null;
        }

        if (readsTokens)
        {
            variant.Problems.Add(
                value.At, $"'{VariantKeys.Distil}' is for tasks of whole sequences; this one predicts tokens.", $"Leave '{VariantKeys.Distil}' out.");
            return null;
        }

        var section = variant.Section(VariantKeys.Distil);
        var settings = new DistillationSettings
        {
            Weight = section.Real(VariantKeys.Weight),
            Temperature = section.Real(VariantKeys.Temperature),
        };
        section.Finish($"'{VariantKeys.Distil}'");
        return settings;
    }
}
