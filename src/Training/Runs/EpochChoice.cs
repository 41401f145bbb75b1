namespace Fleet.Training.Runs;

/// <summary>
/// Which epoch's weights become the model, by the validation part alone. Those of the last, for by then the learning rate has gone to
/// zero and the weights have settled; but where an earlier epoch was better by more than one standard error of the last's
/// metric (<see cref="ValidationMetric.StandardError"/>), training has run into over-fitting, and the best epoch is taken, the later
/// of equals. With <paramref name="patience"/>, training ends so many epochs after the best one, which is taken then: the first of
/// equals, for what is no better is nothing to wait on for.
/// </summary>
/// <param name="patience">Null: all epochs are trained.</param>
public sealed class EpochChoice(ValidationMetric metric, int? patience = null)
{
    /// <summary>The best epoch so far; null before the first that may be chosen.</summary>
    public ChosenEpoch? Best { get; private set; }

    /// <summary>An epoch that may be chosen has ended.</summary>
    /// <param name="parameters">Copied if it is the best so far.</param>
    public void Consider(EpochResult result, ReadOnlySpan<float> parameters)
    {
        var gain = Best is null ? 1 : metric.Gain(result.Validation, Best.Validation);
        if (gain > 0 || (gain == 0 && patience is null))
        {
            Best = new ChosenEpoch(result.Epoch, result.Validation, parameters.ToArray());
        }
    }

    /// <summary>Takes up what was considered before an interruption.</summary>
    public void Resume(ChosenEpoch? best) => Best = best;

    /// <summary>Whether the best epoch is so long ago that no better one is waited for.</summary>
    public bool IsOver(int epochsDone) => patience is { } epochs && Best is not null && epochsDone - Best.Epoch >= epochs;

    /// <summary>The epoch to take, given the last one.</summary>
    public ChosenEpoch Choose(ChosenEpoch last)
    {
        if (Best is null)
        {
            return last;
        }

        var gain = metric.Gain(Best.Validation, last.Validation);
        return (patience is null ? gain > metric.StandardError(last.Validation) : gain >= 0) ? Best : last;
    }
}

/// <summary>An epoch, how it did on the validation part, and its weights.</summary>
public sealed record ChosenEpoch(int Epoch, double Validation, float[] Parameters);
