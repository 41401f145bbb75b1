using Fleet.Campaigns.Jobs;

namespace Fleet.Campaigns.Tests.Jobs;

public sealed class JobStateTests
{
    private static readonly CompressionRequest Request = new()
    {
        Variant = "v",
        VariantName = "dense",
        Task = "uci-har",
        Recipe = Sample.Specification().Variants[0].Recipe,
        Seed = 1,
        TrainingDataSha256 = Sample.Data.TrainingSha256,
    };

    [Fact]
    public void What_somebody_wants_is_trained_and_what_nobody_wants_is_not()
    {
        var state = Demand(Demand(new JobState(), "a"), "b");
        Assert.True(state.Wanted);
        Assert.True(state.Release("a").Wanted);
        Assert.False(state.Release("a").Release("b").Wanted);
        Assert.True(state.Release("a").Release("b").Open);
    }

    [Fact]
    public void Only_campaigns_that_are_kept_want_it_still()
    {
        var state = Demand(Demand(new JobState(), "a"), "b");
        Assert.Same(state, state.Keep(["b", "c", "a"]));
        Assert.Equal(["b"], state.Keep(["b"]).Demands);
        Assert.False(state.Keep([]).Wanted);
    }

    [Fact]
    public void A_demand_said_twice_changes_nothing()
    {
        var state = Demand(new JobState(), "a");
        Assert.Equal(state, Demand(state, "a"));
    }

    [Fact]
    public void A_dense_model_that_was_made_anew_is_the_one_to_learn_from()
    {
        var before = new JobState().Demand(new JobDemand("a", Request with { DenseModelSha256 = "old" }, Retry: false), Sample.Noon);
        var after = before.Demand(new JobDemand("a", Request with { DenseModelSha256 = "new" }, Retry: false), Sample.Noon);
        Assert.Equal("new", after.Request!.DenseModelSha256);
        Assert.Equal(before.DemandedAt, after.DemandedAt);
    }

    [Fact]
    public void A_variant_that_is_there_is_there_for_everybody()
    {
        var ready = Demand(new JobState(), "a").Settle(new JobSettlement(Sample.Model(Sample.Specification().Variants[0]), null));
        Assert.False(Demand(ready, "b").Wanted);
        Assert.NotNull(Demand(ready, "b").Model);
        Assert.True(Demand(ready, "b").Lose().Wanted);
    }

    [Fact]
    public void A_failure_is_tried_again_for_a_new_campaign_or_by_wish_but_not_for_one_that_knows()
    {
        var failed = Demand(new JobState(), "a").Settle(new JobSettlement(null, "it diverged"));
        Assert.False(failed.Wanted);
        Assert.False(Demand(failed, "a").Wanted);
        Assert.Equal("it diverged", Demand(failed, "a").Failure);
        Assert.True(Demand(failed, "b").Wanted);
        Assert.True(Demand(failed, "a", retry: true).Wanted);
    }

    [Fact]
    public void Training_that_was_stopped_leaves_the_job_open() =>
        Assert.True(Demand(new JobState(), "a").Settle(new JobSettlement(null, null)).Open);

    private static JobState Demand(JobState state, string campaign, bool retry = false) => state.Demand(new JobDemand(campaign, Request, retry), Sample.Noon);
}
