using Fleet.Campaigns.Language.Keys;
using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Language;

/// <summary>Reads <c>training</c>: how the weights of all variants are found.</summary>
internal static class TrainingSection
{
    /// <param name="readsTokens">The campaign's task is one of tokens.</param>
    public static TrainingSettings Read(SectionReader training, bool readsTokens)
    {
        var epochs = training.Integer(TrainingKeys.Epochs);
        var schedule = training.Choice(TrainingKeys.Schedule);
        var decays = schedule == RateSchedules.Step;
        var factor = training.Real(TrainingKeys.DecayFactor);
        var settings = new TrainingSettings
        {
            Epochs = epochs,
            BatchSize = training.Integer(TrainingKeys.BatchSize),
            LearningRate = training.Real(TrainingKeys.LearningRate),
            Retries = training.Integer(TrainingKeys.Retries),
            ClipNorm = training.Real(TrainingKeys.ClipNorm),
            ValidationFraction = training.Real(TrainingKeys.ValidationFraction),
            Dropout = training.Real(TrainingKeys.Dropout),
            Bptt = training.OptionalOfTokens(TrainingKeys.Bptt, readsTokens),
            Patience = training.Optional(TrainingKeys.Patience),
            Schedule = schedule,
            Warmup = training.Real(TrainingKeys.Warmup),
            DecayEvery = training.Optional(TrainingKeys.DecayEvery) ?? (decays ? Math.Max(1, epochs / 4) : null),
            DecayFactor = decays ? factor : null,
        };
        Check(training, settings, decays);
        training.Finish("'training'");
        return settings;
    }

    private static void Check(SectionReader training, TrainingSettings settings, bool decays)
    {
        if (settings.Warmup >= settings.Epochs)
        {
            training.Problems.Add(
                training.PlaceOf(TrainingKeys.Warmup), $"'warmup' is {settings.Warmup} epochs, but must be less than 'epochs', {settings.Epochs}.");
        }

        foreach (var key in new Key[] { TrainingKeys.DecayEvery, TrainingKeys.DecayFactor })
        {
            if (!decays && training.Value(key) is { } value)
            {
                training.Problems.Add(
                    value.At, $"'{key}' is for the schedule '{RateSchedules.Step}'.", $"Write 'schedule: {RateSchedules.Step}', or remove it.");
            }
        }
    }
}
