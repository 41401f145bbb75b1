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

    [Theory]
    [InlineData(1.50, 1.51, 1)]
    [InlineData(1.51, 1.50, 2)]
    public void Of_a_loss_the_lowest_is_the_best(double earlier, double last, int taken)
    {
        var choice = new EpochChoice(ValidationMetric.NatsPerToken);
        choice.Consider(new EpochResult(1, 1, earlier), [1]);
        choice.Consider(new EpochResult(2, 1, last), [2]);

        Assert.Equal(taken, choice.Choose(new ChosenEpoch(2, last, [2])).Epoch);
    }

    [Fact]
    public void With_patience_training_is_over_so_many_epochs_after_the_best_which_is_taken()
    {
        var choice = new EpochChoice(ValidationMetric.Accuracy(100), patience: 2);
        Assert.False(choice.IsOver(5), "Nothing may be chosen yet.");
        choice.Consider(new EpochResult(1, 1, 0.90), [1]);
        Assert.False(choice.IsOver(1));
        choice.Consider(new EpochResult(2, 1, 0.89), [2]);
        Assert.False(choice.IsOver(2));
        choice.Consider(new EpochResult(3, 1, 0.89), [3]);

        Assert.True(choice.IsOver(3));
        // Within a standard error of the last.
        Assert.Equal(1, choice.Choose(new ChosenEpoch(3, 0.89, [3])).Epoch);
        Assert.False(new EpochChoice(ValidationMetric.Accuracy(100)).IsOver(100));
    }

    [Fact]
    public void What_is_no_better_is_not_waited_on_for()
    {
        var choice = new EpochChoice(ValidationMetric.Accuracy(100), patience: 2);
        choice.Consider(new EpochResult(1, 1, 1.0), [1]);
        choice.Consider(new EpochResult(2, 1, 1.0), [2]);
        Assert.False(choice.IsOver(2));
        choice.Consider(new EpochResult(3, 1, 1.0), [3]);

        Assert.True(choice.IsOver(3));
        Assert.Equal(1, choice.Best!.Epoch);
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
