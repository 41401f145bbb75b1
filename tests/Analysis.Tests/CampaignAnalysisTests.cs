using Fleet.Analysis.Ranking;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;
using Fleet.Domain.Rankings;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using static Fleet.Analysis.Tests.Rows;

namespace Fleet.Analysis.Tests;

public sealed class CampaignAnalysisTests
{
    [Fact]
    public void Rows_carry_their_verdict_and_their_place_on_the_front()
    {
        CampaignTable table = Table(Row("dense", 0.90, 100), Row("hmd-4x", 0.86, 40, 0.40), Row("lmf-4x", 0.84, 45, 0.45), Row("pruned-4x", 0.88, 150, 1.5));
        Assert.Equal([true, true, false, false], table.Rows.Select(row => row.ParetoBest));
        Assert.Equal(["reference", "faster", "faster", "slower"], table.Rows.Select(row => row.Verdict));
    }

    [Theory]
    [InlineData(Validity.Failed)]
    [InlineData(Validity.Invalid)]
    public void What_failed_or_is_invalid_is_neither_ranked_nor_judged(Validity validity)
    {
        CampaignTable table = Table(Row("dense", 0.90, 100), Row("hmd-4x", 0.99, 1, 0.01) with { Validity = validity }, Row("pruned-4x", 0.88, 150, 1.5));
        Assert.Null(table.Rows[1].Verdict);
        Assert.False(table.Rows[1].ParetoBest);
        Assert.True(table.Rows[0].ParetoBest);
    }

    [Fact]
    public void A_failed_row_without_numbers_does_no_harm()
    {
        ResultRow failed = Row("hmd-4x", 0.9, 1) with { Validity = Validity.Failed, LatencyUs = null, MetricValue = null };
        Assert.Equal([true, false, false], Table(Row("dense", 0.90, 100), failed, Row("pruned-4x", 0.88, 150, 1.5)).Rows.Select(row => row.ParetoBest));
        Assert.Empty(Table().Rows);
        Assert.False(Assert.Single(Table(failed).Rows).ParetoBest);
    }

    [Fact]
    public void Suspect_rows_are_ranked() =>
        Assert.True(Table(Row("dense", 0.90, 100), Row("hmd-4x", 0.86, 40, 0.4) with { Validity = Validity.Suspect }).Rows[1].ParetoBest);

    [Fact]
    public void Devices_and_modes_are_ranked_by_themselves()
    {
        CampaignTable table = Table(
            Row("dense", 0.90, 100), Row("dense", 0.90, 10, mode: "streaming"), Row("dense", 0.90, 1, device: "desk"),
            Row("pruned-4x", 0.88, 150, 1.5), Row("pruned-4x", 0.88, 15, 1.5, mode: "streaming"), Row("pruned-4x", 0.88, 1.5, 1.5, device: "desk"));
        Assert.Equal([true, true, true, false, false, false], table.Rows.Select(row => row.ParetoBest));
    }

    [Fact]
    public void An_emulated_machine_is_not_ranked_and_its_accuracies_count()
    {
        CampaignTable table = Table(Row("dense", 0.90, 100) with { Emulated = true }, Row("hmd-4x", 0.86, 40, 0.40) with { Emulated = true });
        Assert.All(table.Rows, row => Assert.Equal((false, null, null), (row.ParetoBest, row.Verdict, row.Row.RatioToReference)));
        ConditionTable condition = Assert.Single(table.Conditions);
        Assert.All(condition.Variants, variant => Assert.Equal((null, null, null), (variant.Standing, variant.Verdict, variant.Ratio)));
        Assert.Equal([0.90, 0.86], condition.Variants.Select(variant => variant.Metric!.Value));
        Assert.Equal((AdviceKinds.NotRanked, null), (condition.Advice.Kind, condition.Advice.Variant));
        Assert.Null(table.Unranked);
    }

    [Theory]
    [InlineData(Validity.Invalid)]
    [InlineData(Validity.Failed)]
    public void A_ratio_to_a_reference_that_is_not_valid_is_neither_shown_nor_judged(Validity validity)
    {
        CampaignTable table = Table(Row("dense", 0.90, 100) with { Validity = validity }, Row("hmd-4x", 0.86, 40, 0.40), Row("lmf-4x", 0.84, 45, 0.45));
        Assert.All(table.Rows, row => Assert.Equal((null, null), (row.Verdict, row.Row.RatioToReference)));
        Assert.Equal(AdviceKinds.NotRanked, Assert.Single(table.Conditions).Advice.Kind);
    }

    [Fact]
    public void A_valid_reference_of_another_seed_or_session_is_no_reference()
    {
        ResultRow[] second = [Row("dense", 0.90, 100, seed: 2) with { Validity = Validity.Invalid }, Row("hmd-4x", 0.86, 40, 0.40, seed: 2)];
        CampaignTable table = Table([Row("dense", 0.90, 100), Row("hmd-4x", 0.86, 40, 0.40), .. second]);
        Assert.Equal([0.40, null], table.Rows.Where(row => row.Row.VariantName == "hmd-4x").Select(row => row.Row.RatioToReference?.Value));

        // A session may measure the reference again for its rounds' sake, without a row: then the row of the other session speaks for it.
        Assert.NotNull(
            Table(Row("dense", 0.90, 100) with { Session = "s-1" }, Row("hmd-4x", 0.86, 40, 0.40) with { Session = "s-2" }).Rows[1].Row.RatioToReference);
    }

    [Fact]
    public void Where_all_is_invalid_accuracies_stay_and_the_reasons_are_counted()
    {
        ResultRow Invalid(ResultRow row, int rounds) =>
            row with { Validity = Validity.Invalid, Reasons = [new(ReasonCodes.TooFewRounds, rounds, 12), new(ReasonCodes.CoreTaken, 12, 16)] };
        CampaignTable table = Table(
            Invalid(Row("dense", 0.90, 100), 3),
            Invalid(Row("hmd-4x", 0.86, 40, 0.40), 1),
            Row("lmf-4x", 0.84, 45) with { Validity = Validity.Failed, MetricValue = null, LatencyUs = null, Reasons = [new(ReasonCodes.WorkerDied)] });
        UnrankedCampaign unranked = table.Unranked!;
        Assert.Equal("No run could be ranked: of 3 runs 2 are invalid and 1 failed.", unranked.Text);
        Assert.Equal([("core-taken", 2), ("too-few-rounds", 2), ("worker-died", 1)], unranked.Reasons.Select(reason => (reason.Code, reason.Runs)));
        Assert.Equal("other processes held the measured core for more than half of the block", unranked.Reasons[0].Text);
        Assert.Equal("at worst, only 1 of 12 rounds could be used", unranked.Reasons[1].Text);
        Assert.Contains("--new", unranked.WayOut, StringComparison.Ordinal);
        Assert.Equal([0.90, 0.86, null], Assert.Single(table.Conditions).Variants.Select(variant => variant.Metric?.Value));
        Assert.All(table.Conditions[0].Variants, variant => Assert.Null(variant.LatencyUs));
        Assert.StartsWith("No advice: no latency here counts", table.Conditions[0].Advice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_all_of_one_device_is_invalid_the_other_is_ranked()
    {
        CampaignTable table = Table(
            Row("dense", 0.90, 100) with { Validity = Validity.Invalid }, Row("hmd-4x", 0.86, 40, 0.4) with { Validity = Validity.Invalid },
            Row("dense", 0.90, 100, device: "desk"), Row("hmd-4x", 0.86, 40, 0.4, device: "desk"));
        Assert.Null(table.Unranked);
        Assert.Equal([AdviceKinds.NotRanked, AdviceKinds.Keep], table.Conditions.Select(condition => condition.Advice.Kind));
    }

    [Fact]
    public void Claims_are_judged_only_where_they_are_asked_for()
    {
        ResultRow[] rows = [Row("dense", 0.90, 100), Row("hmd-4x", 0.86, 40, 0.40), Row("pruned-4x", 0.88, 150, 1.5)];
        Assert.Empty(Table(rows).Claims);
        Assert.NotEmpty(CampaignAnalysis.Table(Table(rows).Summary, rows, "dense", claims: true).Claims);
    }

    [Fact]
    public void Within_sessions_the_ratio_ranks_and_not_the_latency_of_another_day()
    {
        // The second session ran on a slower day: by its own reference, hmd-4x is the faster one.
        ConditionRanking ranking = Assert.Single(ConditionRanking.All(
            [Row("dense", 0.90, 100), Row("lmf-4x", 0.86, 50, 0.50), Row("hmd-4x", 0.86, 55, 0.40)], "dense"));
        Assert.Equal(["hmd-4x", "lmf-4x", "dense"], ranking.Points.Select(point => point.Name));
        Assert.False(ranking.Find("lmf-4x")!.ParetoBest);
    }

    [Fact]
    public void Without_the_reference_latencies_rank()
    {
        ConditionRanking ranking = Assert.Single(ConditionRanking.All([Row("lmf-4x", 0.86, 50, 0.50), Row("hmd-4x", 0.86, 55, 0.40)], "dense"));
        Assert.Equal("lmf-4x", ranking.Points[0].Name);
    }

    [Fact]
    public void A_median_is_not_compared_with_a_mean()
    {
        ResultRow batched = Row("hmd-4x", 0.86, 100) with { LatencyUs = new() { Mean = 105, N = 10, BatchSize = 16 } };
        ConditionRanking ranking = Assert.Single(ConditionRanking.All([Row("lmf-4x", 0.86, 100), batched], "dense"));
        Assert.Equal("mean", ranking.LatencyName);
        Assert.Equal("hmd-4x", ranking.Points[0].Name);
        Assert.Equal("p50", Assert.Single(ConditionRanking.All([Row("dense", 0.9, 100)], "dense")).LatencyName);
    }

    [Fact]
    public void Seeds_of_a_variant_are_one_point_with_their_spread()
    {
        ConditionRanking ranking = Assert.Single(ConditionRanking.All(
            [
                Row("dense", 0.90, 100, seed: 1), Row("dense", 0.91, 100, seed: 2), Row("dense", 0.92, 100, seed: 3),
                Row("hmd-4x", 0.86, 40, 0.40, seed: 1), Row("hmd-4x", 0.88, 40, 0.41, seed: 2), Row("hmd-4x", 0.87, 40, 0.42, seed: 3),
            ], "dense"));
        VariantPoint hmd = ranking.Find("hmd-4x")!;
        Assert.Equal(0.87, hmd.Metric!.Value, 1e-12);

        // s = 0.01, t(2) = 4.3027: 4.3027 * 0.01 / sqrt 3 = 0.02484
        Assert.Equal(0.87 - 0.02484, hmd.Metric.Low!.Value, 1e-5);
        Assert.Equal(Math.Cbrt(0.40 * 0.41 * 0.42), hmd.Ratio!.Value, 1e-12);
        Assert.Equal("faster", hmd.Verdict!.Text);
        Assert.Equal(3, hmd.Rows.Count);
    }

    [Fact]
    public void A_metric_that_is_a_loss_is_better_when_lower()
    {
        ResultRow[] rows = [Row("dense", 80, 100) with { Metric = "nats" }, Row("hmd-4x", 90, 120, 1.2) with { Metric = "nats" }];
        Assert.Equal([true, false], Table(rows).Rows.Select(row => row.ParetoBest));
    }

    private static CampaignTable Table(params ResultRow[] rows) => CampaignAnalysis.Table(
        new CampaignSummary
        {
            Campaign = "c", Name = "c", State = CampaignStatus.Completed, CreatedAt = DateTimeOffset.UnixEpoch,
            Variants = 1, VariantsReady = 1, VariantsFailed = 0,
            Runs = 1, RunsClosed = 1, RunsFailed = 0,
        },
        rows,
        "dense");
}
