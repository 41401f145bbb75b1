using Fleet.Analysis.Comparing;
using Fleet.Protocol.Results;

namespace Fleet.Analysis.Tests.Comparing;

public sealed class NonInferiorityTests
{
    [Fact]
    public void A_held_margin_is_no_loss()
    {
        // Differences -0.01, 0.00, -0.005: mean -0.005, s 0.005, bound -0.005 - 2.920 * 0.005 / sqrt 3 = -0.01343
        MetricComparison comparison = Compare([0.90, 0.91, 0.905], [0.89, 0.91, 0.90], margin: 0.02)!;
        Assert.Equal(-0.005, comparison.MeanDifference, 1e-12);
        Assert.Equal(-0.01343, comparison.LowerBound!.Value, 1e-5);
        Assert.True(comparison.NotInferior);
        Assert.False(Compare([0.90, 0.91, 0.905], [0.89, 0.91, 0.90], margin: 0.01)!.NotInferior);
    }

    [Fact]
    public void Means_that_look_alike_are_not_enough() =>
        Assert.False(Compare([0.90, 0.90], [0.85, 0.95], margin: 0.02)!.NotInferior);

    [Fact]
    public void One_seed_cannot_tell()
    {
        MetricComparison comparison = Compare([0.90], [0.89], margin: 0.02)!;
        Assert.Null(comparison.NotInferior);
        Assert.Equal(1, comparison.Seeds);
    }

    [Fact]
    public void Only_seeds_that_both_have_are_paired()
    {
        MetricComparison? comparison = NonInferiority.PairedBySeed(
            new Dictionary<long, double> { [1] = 0.9, [2] = 0.9 }, new Dictionary<long, double> { [2] = 0.9, [3] = 0.1 }, 0.02, TaskMetric.Accuracy);
        Assert.Equal(1, comparison!.Seeds);
        Assert.Null(NonInferiority.PairedBySeed(new Dictionary<long, double> { [1] = 0.9 }, new Dictionary<long, double> { [3] = 0.1 }, 0.02, TaskMetric.Accuracy));
    }

    [Fact]
    public void Of_a_metric_that_is_better_when_lower_more_is_the_loss()
    {
        // 0.01, 0.00 and 0.005 nats more: the same differences as above, the other way round.
        MetricComparison comparison = Compare([1.60, 1.61, 1.605], [1.61, 1.61, 1.61], margin: 0.05, TaskMetric.Nats)!;
        Assert.Equal(-0.005, comparison.MeanDifference, 1e-12);
        Assert.Equal(-0.01343, comparison.LowerBound!.Value, 1e-5);
        Assert.True(comparison.NotInferior);
        Assert.False(Compare([1.60, 1.60], [1.70, 1.71], margin: 0.05, TaskMetric.Nats)!.NotInferior);
    }

    private static MetricComparison? Compare(double[] reference, double[] variant, double margin, TaskMetric? metric = null) =>
        NonInferiority.PairedBySeed(BySeed(reference), BySeed(variant), margin, metric ?? TaskMetric.Accuracy);

    private static Dictionary<long, double> BySeed(double[] values) => values.Select((value, i) => (i, value)).ToDictionary(pair => (long)pair.i, pair => pair.value);
}
