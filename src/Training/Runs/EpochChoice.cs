namespace Fleet.Training.Runs;

/// <summary>
/// Which epoch's weights become the model, by the validation part alone. Those of the last, for by then the step size has gone to
/// zero and the weights have settled; but where an earlier epoch was right more often by more than one standard error of the
/// last's share, sqrt(p (1 - p) / n), training has run into over-fitting, and the best epoch is taken, the later of equals.
/// </summary>
/// <param name="samples">n, validation samples.</param>
internal sealed class EpochChoice(int samples)
{
    /// <summary>The best epoch so far; null before the first that may be chosen.</summary>
    public ChosenEpoch? Best { get; private set; }

    /// <summary>An epoch that may be chosen has ended.</summary>
    /// <param name="parameters">Copied if it is the best so far.</param>
    public void Consider(EpochResult result, ReadOnlySpan<float> parameters)
    {
        if (Best is null || result.Validation >= Best.Validation)
        {
            Best = new ChosenEpoch(result.Epoch, result.Validation, parameters.ToArray());
        }
    }

    /// <summary>Takes up what was considered before an interruption.</summary>
    public void Resume(ChosenEpoch? best) => Best = best;

    /// <summary>The epoch to take, given the last one.</summary>
    public ChosenEpoch Choose(ChosenEpoch last)
    {
        var error = Math.Sqrt(last.Validation * (1 - last.Validation) / samples);
        return Best is not null && Best.Validation - last.Validation > error ? Best : last;
    }
}

/// <summary>An epoch, how it did on the validation part, and its weights.</summary>
internal sealed record ChosenEpoch(int Epoch, double Validation, float[] Parameters);
