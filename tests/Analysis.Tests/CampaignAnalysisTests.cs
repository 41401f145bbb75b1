using Fleet.Analysis.Ranking;
using Fleet.Protocol.Api;
using Fleet.Protocol.Results;
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
    [InlineData("failed")]
    [InlineData("invalid")]
    public void What_failed_or_is_invalid_is_neither_ranked_nor_judged(string validity)
    {
        CampaignTable table = Table(Row("dense", 0.90, 100), Row("hmd-4x", 0.99, 1, 0.01) with { Validity = validity });
        Assert.Null(table.Rows[1].Verdict);
        Assert.False(table.Rows[1].ParetoBest);
        Assert.True(table.Rows[0].ParetoBest);
    }

    [Fact]
    public void A_failed_row_without_numbers_does_no_harm()
    {
        ResultRow failed = Row("hmd-4x", 0.9, 1) with { Validity = "failed", LatencyUs = null, MetricValue = null };
        Assert.Equal([true, false], Table(Row("dense", 0.90, 100), failed).Rows.Select(row => row.ParetoBest));
        Assert.Empty(Table().Rows);
        Assert.False(Assert.Single(Table(failed).Rows).ParetoBest);
    }

    [Fact]
    public void Suspect_rows_are_ranked() =>
        Assert.True(Table(Row("dense", 0.90, 100), Row("hmd-4x", 0.86, 40, 0.4) with { Validity = "suspect" }).Rows[1].ParetoBest);

    [Fact]
    public void Devices_modes_and_emulated_machines_are_ranked_by_themselves()
    {
        CampaignTable table = Table(
            Row("dense", 0.90, 100), Row("dense", 0.90, 10, mode: "streaming"), Row("dense", 0.90, 1, device: "desk"), Row("dense", 0.90, 0.1) with { Emulated = true });
        Assert.All(table.Rows, row => Assert.True(row.ParetoBest));
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
        ResultRow batched = Row("hmd-4x", 0.86, 100) with { LatencyUs = new() { Mean = 105, N = 10, Batched = true } };
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
        Assert.Equal(0.87, hmd.Metric.Value, 1e-12);

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
            Campaign = "c", Name = "c", State = "completed", CreatedAt = DateTimeOffset.UnixEpoch, Variants = 1, VariantsReady = 1, VariantsFailed = 0,
            Runs = 1, RunsClosed = 1, RunsFailed = 0,
        },
        rows,
        "dense");
}
