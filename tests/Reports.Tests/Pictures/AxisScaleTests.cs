using CsCheck;
using Fleet.Reports.Pictures;

namespace Fleet.Reports.Tests.Pictures;

public sealed class AxisScaleTests
{
    [Fact]
    public void Latencies_far_apart_are_drawn_in_equal_factors()
    {
        AxisScale scale = AxisScale.ForLatency([10, 40, 160], 0, 100);
        Assert.Equal(scale.Pixel(40) - scale.Pixel(10), scale.Pixel(160) - scale.Pixel(40), 1e-9);
        Assert.Equal([10, 20, 50, 100], scale.Ticks);
    }

    [Fact]
    public void Latencies_close_together_are_drawn_in_equal_steps()
    {
        AxisScale scale = AxisScale.ForLatency([100, 150, 200], 0, 100);
        Assert.Equal(scale.Pixel(150) - scale.Pixel(100), scale.Pixel(200) - scale.Pixel(150), 1e-9);
    }

    [Theory]
    [InlineData(0.9, 0.95, "90, 92, 94")]
    [InlineData(0.851, 0.918, "86, 88, 90, 92")]
    public void Percentages_have_round_ticks_with_no_more_decimals_than_they_need(double low, double high, string expected)
    {
        AxisScale scale = AxisScale.Linear([low, high], 0, 100, 0, 1);
        Assert.Equal(expected, string.Join(", ", AxisScale.Labels(scale.Ticks, 100)));
    }

    [Theory]
    [InlineData(500, 900, "µs")]
    [InlineData(5_000, 9_000, "ms")]
    [InlineData(5_000_000, 9_000_000, "s")]
    public void Latency_is_written_in_the_unit_of_its_size(double low, double high, string unit) =>
        Assert.Equal(unit, AxisScale.ForLatency([low, high], 0, 100).LatencyLabels().Unit);

    [Fact]
    public void An_accuracy_axis_never_goes_beyond_one() =>
        Assert.All(AxisScale.Linear([0.97, 1.0], 100, 0, 0, 1).Ticks, tick => Assert.InRange(tick, 0, 1 + 1e-12));

    [Fact]
    public void Every_axis_has_two_ticks_or_more_and_holds_all_its_values() =>
        Gen.Select(Gen.Double[1e-3, 1e7], Gen.Double[1, 1e4]).Sample((low, factor) =>
        {
            foreach (AxisScale scale in new[] { AxisScale.ForLatency([low, low * factor], 0, 100), AxisScale.Linear([low, low * factor], 0, 100, double.NegativeInfinity, double.PositiveInfinity) })
            {
                Assert.InRange(scale.Ticks.Count, 2, 20);
                Assert.InRange(scale.Pixel(low), -1e-6, 100 + 1e-6);
                Assert.InRange(scale.Pixel(low * factor), -1e-6, 100 + 1e-6);
                Assert.Equal(scale.Ticks.Count, AxisScale.Labels(scale.Ticks, 1).Distinct().Count());
            }
        });
}
