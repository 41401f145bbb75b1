using Fleet.Domain.Recipes;
using Fleet.Training.Optimisation;

namespace Fleet.Training.Tests.Optimisation;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(25, 0.00853553)] // (1 + cos(pi / 4)) / 2 = 0.853553
    [InlineData(50, 0.005)]
    [InlineData(100, 0)]
    public void The_step_size_falls_along_a_cosine(long step, double expected)
    {
        Assert.Equal(expected, new CosineSchedule(0.01, TotalSteps: 100).At(step), 1e-8);
    }

    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(19, 0.01)]
    [InlineData(20, 0.001)] // after two epochs of ten steps
    [InlineData(40, 0.0001)]
    public void The_step_size_falls_by_a_factor_every_few_epochs(long step, double expected) => Assert.Equal(
        expected,
        RateSchedule.Of(Settings with { Schedule = "step", DecayEvery = 2, DecayFactor = 0.1 }, stepsPerEpoch: 10).At(step), 1e-12);

    [Theory]
    [InlineData("constant", 0, 0.0005)] // a twentieth
    [InlineData("constant", 9, 0.005)]
    [InlineData("constant", 19, 0.01)]
    [InlineData("constant", 90, 0.01)]
    [InlineData("cosine", 19, 0.01)]
    [InlineData("cosine", 60, 0.005)] // half way from 20 to 100
    [InlineData("cosine", 100, 0)]
    public void A_warm_up_comes_before_any_schedule(string schedule, long step, double expected) => Assert.Equal(
        expected, RateSchedule.Of(Settings with { Schedule = schedule, Warmup = 2 }, stepsPerEpoch: 10).At(step), 1e-8);

    [Fact]
    public void A_schedule_that_cannot_be_followed_is_refused_with_what_to_change()
    {
        Refused("Unknown schedule 'sine'. Known schedules: cosine, constant, step.", Settings with { Schedule = "sine" });
        Refused("warmup is 10 epochs, but must be from 0 to less than epochs, 10.", Settings with { Warmup = 10 });
        Refused("decay_every and decay_factor are for the schedule 'step', not for 'cosine'.", Settings with { DecayEvery = 2 });
        Refused("decay_every and decay_factor are for the schedule 'step', not for 'constant'.", Settings with { Schedule = "constant", DecayFactor = 0.5 });
        Refused(
            "The schedule 'step' needs decay_every, 1 or more epochs, and decay_factor, above 0 and at most 1; they are 2 and missing.",
            Settings with { Schedule = "step", DecayEvery = 2 });
    }

    [Theory]
    [InlineData(10, 1000)] // (1 - 0)^3 = 1: 100 + 900
    [InlineData(15, 480)] // (1 - 5/20)^3 = 0.421875: 100 + 379.6875
    [InlineData(20, 213)] // 0.5^3 = 0.125: 100 + 112.5, rounded away from zero
    [InlineData(25, 114)] // 0.25^3 = 0.015625: 100 + 14.0625
    [InlineData(30, 100)]
    [InlineData(31, 100)]
    public void The_weights_that_are_kept_follow_Zhu_and_Gupta(long step, int expected)
    {
        // t0 = 10, dt = 5, N = 4: from 1000 weights to 100.
        Assert.Equal(expected, new PruningSchedule(Start: 10, Every: 5, Updates: 4).Keep(step, all: 1000, target: 100));
    }

    [Fact]
    public void Masks_are_made_at_the_schedules_steps_only()
    {
        var schedule = new PruningSchedule(Start: 10, Every: 5, Updates: 4);

        Assert.Equal([10, 15, 20, 25, 30], Enumerable.Range(0, 60).Where(step => schedule.IsUpdate(step)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(1000)]
    [InlineData(123_457)]
    public void Pruning_ends_within_the_training_however_short(long totalSteps)
    {
        var schedule = PruningSchedule.For(totalSteps);

        var updates = Enumerable.Range(0, (int)totalSteps).Where(step => schedule.IsUpdate(step)).ToList();
        Assert.Equal(schedule.End, updates[^1]);
        Assert.Equal(10, schedule.Keep(updates[^1], all: 100, target: 10));
        Assert.True(schedule.End <= 0.6 * totalSteps, $"Ends at {schedule.End} of {totalSteps}.");
    }

    private static TrainingSettings Settings { get; } = new() { Epochs = 10, LearningRate = 0.01 };

    private static void Refused(string message, TrainingSettings settings) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => RateSchedule.Of(settings, stepsPerEpoch: 10)).Message);
}
