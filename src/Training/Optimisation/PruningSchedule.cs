namespace Fleet.Training.Optimisation;

/// <summary>
/// Gradual pruning: s_t = s_f + (s_i - s_f) (1 - (t - t0) / (N dt))^3 with s_i = 0, the mask made new every dt steps from t0 on
/// for N updates, then fixed.
/// </summary>
/// <remarks>Source: Zhu and Gupta 2017, equation 1.</remarks>
/// <param name="Start">t0.</param>
/// <param name="Every">dt.</param>
/// <param name="Updates">N, after the one at t0, which drops nothing unless it is the only one.</param>
internal sealed record PruningSchedule(long Start, long Every, long Updates)
{
    // Begin when the weights have found their rough size; end early enough for the rest to make up for the losses.
    private const double StartShare = 0.15;
    private const double EndShare = 0.60;
    private const long MaxUpdates = 60;

    /// <summary>The first step at which the mask is final.</summary>
    public long End => Start + (Every * Updates);

    /// <summary>Spread over a training of so many steps.</summary>
    public static PruningSchedule For(long totalSteps)
    {
        var start = (long)(totalSteps * StartShare);
        // A mask is made before a step, so the last one can be made before the last step; of a single step, at once.
        var length = Math.Max(0, Math.Min(totalSteps - 1, (long)(totalSteps * EndShare)) - start);
        var every = Math.Max(1, length / MaxUpdates);
        return new PruningSchedule(start, every, length / every);
    }

    /// <summary>Is a mask made before this step?</summary>
    public bool IsUpdate(long step) => step >= Start && step <= End && (step - Start) % Every == 0;

    /// <summary>How many of <paramref name="all"/> weights are kept at an update, when <paramref name="target"/> are in the end.</summary>
    public int Keep(long step, int all, int target)
    {
        if (step >= End)
        {
            return target;
        }

        var left = 1 - ((double)(step - Start) / (Every * Updates));
        return target + (int)Math.Round((all - target) * (left * left * left), MidpointRounding.AwayFromZero);
    }
}
