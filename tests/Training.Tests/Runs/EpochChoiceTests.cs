using Fleet.Training.Runs;

namespace Fleet.Training.Tests.Runs;

public sealed class EpochChoiceTests
{
    [Theory]
    [InlineData(0.92, 0.90, false)] // one standard error of 0.90 with 100 samples is 0.03
    [InlineData(0.95, 0.90, true)]
    [InlineData(0.80, 0.90, false)]
    public void An_earlier_epoch_is_taken_only_where_it_is_better_by_more_than_a_standard_error(double earlier, double last, bool takesEarlier)
    {
        var choice = new EpochChoice(ValidationMetric.Accuracy(100));
        choice.Consider(new EpochResult(1, 1, earlier), [1]);
        choice.Consider(new EpochResult(2, 1, last), [2]);

        Assert.Equal(takesEarlier ? 1 : 2, choice.Choose(new ChosenEpoch(2, last, [2])).Epoch);
    }

    [Fact]
    public void Of_equals_the_later_is_the_best_and_its_weights_are_copied()
    {
        var choice = new EpochChoice(ValidationMetric.Accuracy(100));
        float[] weights = [1];
        choice.Consider(new EpochResult(1, 1, 0.9), weights);
        choice.Consider(new EpochResult(2, 1, 0.9), weights);
        weights[0] = 5;

        Assert.Equal(2, choice.Best!.Epoch);
        Assert.Equal([1], choice.Best.Parameters);
    }
}
