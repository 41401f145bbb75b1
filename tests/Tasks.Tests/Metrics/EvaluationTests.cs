using Fleet.Tasks.Data;
using Fleet.Tasks.Metrics;

namespace Fleet.Tasks.Tests.Metrics;

public sealed class EvaluationTests
{
    // One step of three features a sequence; the "model" gives the features back as logits.
    private static readonly SequenceSet Set = new(1, 3, [1, 0, 0, 0, 2, 1, 5, 5, 1, 0, 1, 9], [0, 1, 1, 2]);

    [Fact]
    public void The_greatest_logit_decides_and_of_equals_the_first()
    {
        var evaluation = Evaluation.Of(Set, 3, (sequence, logits) => sequence.CopyTo(logits), CancellationToken.None);

        Assert.Equal([0, 1, 0, 2], evaluation.Predicted);
        Assert.Equal((3, 4, 0.75), (evaluation.Accuracy.Right, evaluation.Accuracy.Samples, evaluation.Accuracy.Value));
    }

    [Fact]
    public void An_output_that_is_not_a_number_is_an_error_not_an_answer()
    {
        var broken = Assert.Throws<ArithmeticException>(() =>
            Evaluation.Of(Set, 3, (_, logits) => logits.Fill(float.NaN), CancellationToken.None));

        Assert.Contains("sample 0", broken.Message);
    }

    [Fact]
    public void A_cancelled_evaluation_stops_at_the_next_sequence()
    {
        using var stop = new CancellationTokenSource();
        var runs = 0;

        Assert.Throws<OperationCanceledException>(() => Evaluation.Of(Set, 3, (_, _) =>
        {
            runs++;
            stop.Cancel();
        }, stop.Token));

        Assert.Equal(1, runs);
    }
}
