using CsCheck;
using Fleet.Reports.Html.Pictures;

namespace Fleet.Reports.Tests.Html.Pictures;

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
            foreach (
                AxisScale scale in new[] { AxisScale.ForLatency([low, low * factor], 0, 100),
                    AxisScale.Linear([low, low * factor], 0, 100, double.NegativeInfinity, double.PositiveInfinity) })
            {
                Assert.InRange(scale.Ticks.Count, 2, 20);
                Assert.InRange(scale.Pixel(low), -1e-6, 100 + 1e-6);
                Assert.InRange(scale.Pixel(low * factor), -1e-6, 100 + 1e-6);
                Assert.Equal(scale.Ticks.Count, AxisScale.Labels(scale.Ticks, 1).Distinct().Count());
            }
        });

    [Fact]
    public void Every_finite_value_finds_its_place_on_an_axis_of_few_and_distinct_ticks() =>
        Gen.Select(AnyFinite, AnyFinite.List[0, 5]).Sample((first, others) =>
        {
            double[] values = [first, .. others, Math.BitIncrement(first), Math.BitDecrement(first)];
            values = [.. values.Where(double.IsFinite)];
            AssertSound(AxisScale.ForLatency(values, 0, 100), values);
            AssertSound(AxisScale.Linear(values, 0, 100, 0, 1), values);
            AssertSound(AxisScale.Linear(values, 0, 100, double.NegativeInfinity, double.PositiveInfinity), values);
        });

    [Theory]
    [InlineData(0.9137, 1e-16)]
    [InlineData(0.9137, 3e-16)]
    [InlineData(148, 3e-14)]
    [InlineData(9007199254740993, 2)]
    [InlineData(0, 5e-324)]
    [InlineData(0, 1e-300)]
    public void A_span_of_mere_rounding_is_none(double value, double difference)
    {
        AxisScale near = AxisScale.Linear([value, value + difference], 0, 100, double.NegativeInfinity, double.PositiveInfinity);
        Assert.Equal(AxisScale.Linear([value + difference], 0, 100, double.NegativeInfinity, double.PositiveInfinity).Ticks, near.Ticks);
    }

    [Fact]
    public void A_value_outside_of_the_bounds_is_drawn_and_not_cut_off()
    {
        AxisScale scale = AxisScale.Linear([2, 3], 0, 100, 0, 1);
        Assert.InRange(scale.Pixel(2), 0, 20);
        Assert.InRange(scale.Pixel(3), 80, 100);
    }

    [Fact]
    public void What_is_no_number_has_no_axis()
    {
        Assert.Throws<ArgumentException>(() => AxisScale.Linear([1, double.NaN], 0, 100, 0, 1));
        Assert.Throws<ArgumentException>(() => AxisScale.ForLatency([double.NaN], 0, 100));
        Assert.Throws<ArgumentException>(() => AxisScale.ForLatency([], 0, 100));
        AssertSound(AxisScale.ForLatency([1, double.PositiveInfinity], 0, 100), [1, double.PositiveInfinity]);
    }

    private static readonly double[] Edges =
        [0.0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, BitConverter.Int64BitsToDouble(0x0010_0000_0000_0000), 1, 0.9137,
            9007199254740992];

    /// <summary>Of any magnitude: random bit patterns, and the numbers at the edges of the format.</summary>
    private static Gen<double> AnyFinite { get; } = Gen.OneOf(
        Gen.Long.Select(BitConverter.Int64BitsToDouble).Where(double.IsFinite),
        Gen.Double[0, 1],
        Gen.Int[0, Edges.Length - 1].Select(i => Edges[i]));

    private static void AssertSound(AxisScale scale, IReadOnlyList<double> values)
    {
        Assert.InRange(scale.Ticks.Count, 2, 20);
        Assert.All(values, value => Assert.InRange(scale.Pixel(value), 0, 100));
        Assert.Equal(scale.Ticks.Count, AxisScale.Labels(scale.Ticks, 1).Distinct().Count());
        Assert.Equal(scale.Ticks.Count, scale.LatencyLabels().Labels.Distinct().Count());
        Assert.All(AxisScale.Labels(scale.Ticks, 100), label => Assert.InRange(label.Length, 1, 26));
    }
}
