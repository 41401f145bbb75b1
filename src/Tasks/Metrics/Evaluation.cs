using Fleet.Tasks.Data;

namespace Fleet.Tasks.Metrics;

/// <summary>Runs a model on one sequence.</summary>
/// <param name="sequence">[steps, features], as it is in the data: the model normalises.</param>
/// <param name="logits">[classes], to be written.</param>
public delegate void SequenceClassifier(ReadOnlySpan<float> sequence, Span<float> logits);

/// <summary>How well a model did on a set.</summary>
/// <param name="Accuracy">Share of sequences given their own label.</param>
/// <param name="Predicted">The class given to each sequence.</param>
public sealed record Evaluation(Proportion Accuracy, IReadOnlyList<int> Predicted)
{
    /// <summary>Runs a model over every sequence of a set; the class is that of the greatest logit, the first of equals.</summary>
    /// <exception cref="ArithmeticException">A logit is NaN: the model is broken, and no class can be told.</exception>
    /// <exception cref="OperationCanceledException">Asked for between two sequences.</exception>
    public static Evaluation Of(SequenceSet set, int classes, SequenceClassifier model, CancellationToken cancel)
    {
        var logits = new float[classes];
        var predicted = new int[set.Samples];
        var right = 0;
        for (var sample = 0; sample < set.Samples; sample++)
        {
            cancel.ThrowIfCancellationRequested();
            model(set.Sequence(sample), logits);
            predicted[sample] = Greatest(logits, sample);
            right += predicted[sample] == set.Labels[sample] ? 1 : 0;
        }

        return new Evaluation(Proportion.Of(right, set.Samples), predicted);
    }

    private static int Greatest(ReadOnlySpan<float> logits, int sample)
    {
        var greatest = 0;
        for (var label = 0; label < logits.Length; label++)
        {
            if (float.IsNaN(logits[label]))
            {
                throw new ArithmeticException($"The model's output for sample {sample}, class {label}, is NaN.");
            }

            greatest = logits[label] > logits[greatest] ? label : greatest;
        }

        return greatest;
    }
}
