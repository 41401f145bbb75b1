using Fleet.Domain.Recipes;
using Fleet.Tasks.Numerics;

namespace Fleet.Training.Optimisation;

/// <summary>The optimiser's learning rate over a training.</summary>
internal abstract record RateSchedule
{
    /// <param name="step">Steps done so far, from 0.</param>
    public abstract double At(long step);

    /// <summary>As the settings have it.</summary>
    /// <exception cref="ArgumentException">The settings are contradictory or out of range.</exception>
    public static RateSchedule Of(TrainingSettings settings, int stepsPerEpoch)
    {
        // Of no epochs at all, none is warmed up.
        if (!(settings.Warmup == 0 || (settings.Warmup > 0 && settings.Warmup < settings.Epochs)))
        {
            throw new ArgumentException($"warmup is {settings.Warmup} epochs, but must be from 0 to less than epochs, {settings.Epochs}.");
        }

        if (settings.Schedule is not (null or RateSchedules.Step) && (settings.DecayEvery is not null || settings.DecayFactor is not null))
        {
            throw new ArgumentException($"decay_every and decay_factor are for the schedule '{RateSchedules.Step}', not for '{settings.Schedule}'.");
        }

        var warmup = (long)Math.Round(settings.Warmup * stepsPerEpoch);
        var total = ((long)stepsPerEpoch * settings.Epochs) - warmup;
        RateSchedule schedule = settings.Schedule switch
        {
            null when settings.DecayEvery is null && settings.DecayFactor is null => new CosineSchedule(settings.LearningRate, total),
            RateSchedules.Constant => new ConstantSchedule(settings.LearningRate),
            RateSchedules.Step => Decay(settings, stepsPerEpoch),
            null => throw new ArgumentException($"decay_every and decay_factor are for the schedule '{RateSchedules.Step}', not for '{RateSchedules.Cosine}'."),
            var other => throw new ArgumentException($"Unknown schedule '{other}'. Known schedules: {string.Join(", ", RateSchedules.All)}."),
        };
        return warmup > 0 ? new WarmUpSchedule(settings.LearningRate, warmup, schedule) : schedule;
    }

    private static DecaySchedule Decay(TrainingSettings settings, int stepsPerEpoch)
    {
        if (settings.DecayEvery is not (>= 1 and var epochs) || settings.DecayFactor is not (> 0 and <= 1 and var factor))
        {
            throw new ArgumentException($"The schedule '{RateSchedules.Step}' needs decay_every, 1 or more epochs, and decay_factor, above 0 and at most 1;"
                + $" they are {settings.DecayEvery?.ToString() ?? "missing"} and {settings.DecayFactor?.ToString() ?? "missing"}.");
        }

        return new DecaySchedule(settings.LearningRate, (long)epochs * stepsPerEpoch, factor);
    }
}

/// <summary>The learning rate falls from its first value to zero along half a cosine: rate (1 + cos(pi t / total)) / 2.</summary>
/// <remarks>Source: Loshchilov and Hutter 2017, without restarts.</remarks>
internal sealed record CosineSchedule(double Rate, long TotalSteps) : RateSchedule
{
    public override double At(long step) => Rate * 0.5 * (1 + PortableMath.CosTurns(0.5 * step / TotalSteps));
}

/// <summary>The learning rate never changes.</summary>
internal sealed record ConstantSchedule(double Rate) : RateSchedule
{
    public override double At(long step) => Rate;
}

/// <summary>rate factor^floor(t / every).</summary>
internal sealed record DecaySchedule(double Rate, long Every, double Factor) : RateSchedule
{
    public override double At(long step)
    {
        var rate = Rate;
        // By multiplication, which gives the same bits everywhere.
        for (var times = step / Every; times > 0 && rate > 0; times--)
        {
            rate *= Factor;
        }

        return rate;
    }
}

/// <summary>The learning rate rises in equal steps to the rate, rate (t + 1) / steps; then another schedule begins.</summary>
/// <remarks>Source: Goyal et al. 2017.</remarks>
internal sealed record WarmUpSchedule(double Rate, long Steps, RateSchedule Then) : RateSchedule
{
    public override double At(long step) => step < Steps ? Rate * (step + 1) / Steps : Then.At(step - Steps);
}
