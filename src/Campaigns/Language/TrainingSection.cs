using Fleet.Protocol.Training;

namespace Fleet.Campaigns.Language;

/// <summary>Reads <c>training</c>: how the weights of all variants are found.</summary>
internal static class TrainingSection
{
    private const string DecayEvery = "decay_every";
    private const string DecayFactor = "decay_factor";
    private const int MostEpochs = 10_000;
    private const int MostRetries = 10;
    private const double UsualFactor = 0.5;

    /// <param name="readsTokens">The campaign's task is one of tokens.</param>
    public static TrainingSettings Read(SectionReader training, bool readsTokens)
    {
        var fallback = new TrainingSettings();
        var epochs = training.Integer("epochs", fallback.Epochs, 1, MostEpochs);
        var schedule = training.Choice("schedule", RateSchedules.Cosine, RateSchedules.All);
        var decays = schedule == RateSchedules.Step;
        var factor = training.Real(DecayFactor, UsualFactor, 0.001, 1);
        var settings = new TrainingSettings
        {
            Epochs = epochs,
            BatchSize = training.Integer("batch_size", fallback.BatchSize, 1, 65_536),
            LearningRate = training.Real("learning_rate", fallback.LearningRate, 1e-8, 10),
            Retries = training.Integer("retries", fallback.Retries, 0, MostRetries),
            ClipNorm = training.Real("clip_norm", fallback.ClipNorm, 1e-6, 1e6),
            ValidationFraction = training.Real("validation_fraction", fallback.ValidationFraction, 0.01, 0.5),
            Dropout = training.Real("dropout", fallback.Dropout, 0, 0.9),
            Bptt = training.OptionalOfTokens("bptt", readsTokens, 1, 10_000),
            Patience = training.Optional("patience", 1, MostEpochs),
            Schedule = schedule,
            Warmup = training.Real("warmup", fallback.Warmup, 0, MostEpochs),
            DecayEvery = training.Optional(DecayEvery, 1, MostEpochs) ?? (decays ? Math.Max(1, epochs / 4) : null),
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
            training.Problems.Add(training.PlaceOf("warmup"), $"'warmup' is {settings.Warmup} epochs, but must be less than 'epochs', {settings.Epochs}.");
        }

        foreach (var key in new[] { DecayEvery, DecayFactor })
        {
            if (!decays && training.Value(key) is { } value)
            {
                training.Problems.Add(value.At, $"'{key}' is for the schedule '{RateSchedules.Step}'.", $"Write 'schedule: {RateSchedules.Step}', or remove it.");
            }
        }
    }
}
