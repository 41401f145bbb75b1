using Fleet.Campaigns.Planning;

namespace Fleet.Campaigns.Tests.Planning;

public sealed class PlanTimeTests
{
    private const string Dense = "name: n\ntask: uci-har\ntraining: { epochs: 10 }\nvariants: [{ method: dense }]\n";

    // LSTM 9 -> 64 and its head: 4 * 64 * 73 + 6 * 64 products a step; 3 times, of 1000 sequences of 128 steps, in 10 epochs.
    private const double Products = 3.0 * 19_072 * 128 * 1000 * 10;

    [Fact]
    public void What_was_never_trained_here_takes_as_long_as_the_machines_speed_says() => Assert.Equal(
        Products / 1e9,
        CampaignPlanner.Plan(SampleCampaign.Specification(Dense), new PlanningFacts { MacsPerSecond = 1e9 }).TrainingSeconds!.Value,
        1e-9);

    [Fact]
    public void Without_history_and_speed_it_is_not_known() =>
        Assert.Null(CampaignPlanner.Plan(SampleCampaign.Specification(Dense), new PlanningFacts()).TrainingSeconds);

    [Fact]
    public void What_like_it_took_here_wins_over_the_machines_speed()
    {
        var specification = SampleCampaign.Specification(Dense);
        var recipe = specification.Variants[0].Recipe;
        var past = new PastTraining("v", "uci-har", recipe with { Training = recipe.Training with { Epochs = 5 } }, Seconds: 40);
        Assert.Equal(80, CampaignPlanner.Plan(specification, new PlanningFacts { Trained = [past], MacsPerSecond = 1e9 }).TrainingSeconds);
    }

    [Theory]
    [InlineData("[2, 4]", 1, 1)]
    [InlineData("[2, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7, 2.8, 2.9, 3, 3.1, 3.2, 3.3, 3.4]", 1, 1)]
    [InlineData("[2, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7, 2.8, 2.9, 3, 3.1, 3.2, 3.3, 3.4, 3.5]", 1, 2)]
    [InlineData("[2, 4]", 3, 3)]
    public void Measuring_takes_at_most_its_limit_for_each_condition_of_each_session(string factors, int seeds, int sessions)
    {
        var file = $"name: n\ntask: uci-har\nseeds: [{string.Join(", ", Enumerable.Range(1, seeds))}]\nreplicates: 2\nmeasuring: {{ time_limit: 7s }}\n"
            + $"variants:\n  - method: dense\n  - {{ method: lmf, compression: {factors} }}\n";
        Assert.Equal(sessions * 2 * 2 * 7.0, CampaignPlanner.Plan(SampleCampaign.Specification(file), new PlanningFacts()).DeviceSecondsAtMost);
    }
}
