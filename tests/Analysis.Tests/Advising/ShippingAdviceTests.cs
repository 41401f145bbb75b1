using Fleet.Analysis.Advising;
using Fleet.Analysis.Ranking;
using Fleet.Domain.Measuring;
using Fleet.Domain.Rankings;
using Fleet.Domain.Results;
using static Fleet.Analysis.Tests.Rows;

namespace Fleet.Analysis.Tests.Advising;

public sealed class ShippingAdviceTests
{
    [Fact]
    public void The_fastest_that_loses_nothing_is_to_be_shipped()
    {
        // hmd-4x gains 0.001 +- 0.002 * sqrt 2 * 1.645 / 1.96: above -0.02. lmf-4x is faster still, and loses 0.05.
        Advice advice = Of(Sharp("dense", 0.900, 100), Sharp("hmd-4x", 0.901, 40, 0.40), Sharp("hmd-2x", 0.902, 60, 0.60), Sharp("lmf-4x", 0.85, 35, 0.35));
        Assert.Equal((AdviceKinds.Ship, "hmd-4x"), (advice.Kind, advice.Variant));
        Assert.Equal(
            "Ship hmd-4x: 2.50 times as fast as dense (2.48 to 2.53), 90.1 % accuracy against 90.0 %, which is no loss (+0.1 points;"
                + " 90 % interval -0.1 to +0.3; a loss of up to 2.0 counts as none).",
            advice.Text);
    }

    [Fact]
    public void What_is_as_fast_by_its_interval_is_named()
    {
        Advice advice = Of(Sharp("dense", 0.900, 100), Sharp("hmd-4x", 0.901, 40, 0.400), Sharp("lmf-4x", 0.899, 40.2, 0.402));
        Assert.Equal("hmd-4x", advice.Variant);
        Assert.Contains("Not told apart from it in speed: lmf-4x.", advice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_all_that_is_faster_loses_the_reference_is_to_be_shipped()
    {
        Advice advice = Of(Sharp("dense", 0.900, 100), Sharp("hmd-4x", 0.860, 40, 0.40), Sharp("lmf-4x", 0.840, 45, 0.45));
        Assert.Equal((AdviceKinds.Keep, "dense"), (advice.Kind, advice.Variant));
        Assert.Contains("unless a loss is acceptable", advice.Text, StringComparison.Ordinal);
        Assert.Contains("hmd-4x, 2.50 times as fast as dense (2.48 to 2.53), the least of it (-4.0 points", advice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_there_is_a_loss_is_not_decided_by_two_numbers_that_look_alike()
    {
        // Of 0.01 to both sides: the difference is known to 0.0119 (90 %), and -0.015 may be beyond the margin.
        Advice advice = Of(Row("dense", 0.900, 100), Row("hmd-4x", 0.885, 40, 0.40));
        Assert.Equal((AdviceKinds.Undecided, null), (advice.Kind, advice.Variant));
        Assert.Contains("the data does not tell whether it loses accuracy (-1.5 points; 90 % interval -2.7 to -0.3;", advice.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.5, AdviceKinds.Keep, "Ship dense: no other variant is faster.")]
    [InlineData(
        0.985, AdviceKinds.Undecided,
        "Not decided: no variant is shown to be faster than dense; not told apart from it in speed: hmd-4x. More rounds would tell.")]
    public void Where_nothing_is_faster_it_is_said(double ratio, string kind, string text)
    {
        Advice advice = Of(
            Sharp("dense", 0.9, 100),
            Sharp("hmd-4x", 0.9, 100 * ratio, ratio) with { RatioToReference = new() { Value = ratio, Low = ratio * 0.97, High = ratio * 1.03, Rounds = 12 } });
        Assert.Equal((kind, text), (advice.Kind, advice.Text));
    }

    [Fact]
    public void Seeds_are_compared_in_pairs()
    {
        // Seeds differ by ten points among themselves, and hmd-4x from dense by none within each.
        ResultRow[] rows = [.. new[] { 0.80, 0.85, 0.90 }.SelectMany((accuracy, seed) => new[]
        {
            Row("dense", accuracy, 100, seed: seed), Row("hmd-4x", accuracy - 0.001 + (0.001 * seed), 40, 0.40 + (0.001 * seed), seed: seed),
        })];
        Assert.Equal((AdviceKinds.Ship, "hmd-4x"), (Of(rows).Kind, Of(rows).Variant));
    }

    [Fact]
    public void Suspect_measurements_are_said_to_be_among_them() => Assert.EndsWith(
        "Some of these measurements are suspect.", Of(Sharp("dense", 0.9, 100) with { Validity = Validity.Suspect }, Sharp("hmd-4x", 0.9, 40, 0.4)).Text,
        StringComparison.Ordinal);

    [Fact]
    public void A_star_needs_a_difference_beyond_doubt()
    {
        // Both are on the front by their values; of the two fast ones neither speed nor accuracy is told apart.
        ConditionRanking ranking = Ranking(
            Sharp("dense", 0.93, 100), Sharp("hmd-4x", 0.901, 40, 0.400), Sharp("lmf-4x", 0.900, 39.9, 0.399), Sharp("pruned-4x", 0.85, 150, 1.5));
        Assert.Equal(
            [("lmf-4x", Standing.NotToldApart), ("hmd-4x", Standing.NotToldApart), ("dense", Standing.Best), ("pruned-4x", Standing.Beaten)],
            ranking.Points.Select(point => (point.Name, point.Standing!.Value)));
    }

    [Fact]
    public void The_only_variant_with_a_latency_has_no_star() => Assert.Equal(
        Standing.NotToldApart, Ranking(Sharp("dense", 0.93, 100), Sharp("hmd-4x", 0.9, 40, 0.4) with { Validity = Validity.Invalid }).Find("dense")!.Standing);

    [Fact]
    public void The_same_measured_twice_is_never_told_apart() =>
        Assert.All(Ranking(Sharp("dense", 0.9, 100), Sharp("a-1", 0.9, 40, 0.4), Sharp("a-2", 0.9, 40, 0.4)).Points.Take(2), point =>
            Assert.Equal(Standing.NotToldApart, point.Standing));

    private static Advice Of(params ResultRow[] rows) => ShippingAdvice.Of(Ranking(rows));

    private static ConditionRanking Ranking(params ResultRow[] rows) => Assert.Single(ConditionRanking.All(rows, "dense"));

    /// <summary>Of so many test samples that accuracy is known to 0.2 points.</summary>
    private static ResultRow Sharp(string name, double accuracy, double microseconds, double? ratio = null) =>
        Row(name, accuracy, microseconds, ratio) with { MetricLow = accuracy - 0.002, MetricHigh = accuracy + 0.002 };
}
