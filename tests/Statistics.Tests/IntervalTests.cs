

namespace Fleet.Statistics.Tests;

public sealed class IntervalTests
{
    [Theory]
    [InlineData(0, 10, 0.0, 0.2775)] // z^2 / (n + z^2)
    [InlineData(10, 10, 0.7225, 1.0)]
    [InlineData(81, 263, 0.2553, 0.3662)] // Newcombe 1998, table I
    public void Wilson_holds_at_the_edges_and_in_between(long successes, long samples, double low, double high)
    {
        (double actualLow, double actualHigh) = Wilson.Interval(successes, samples);
        Assert.Equal(low, actualLow, 5e-5);
        Assert.Equal(high, actualHigh, 5e-5);
    }

    [Fact]
    public void Wilson_refuses_what_is_no_proportion()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Interval(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Interval(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Interval(-1, 2));
    }

    [Fact]
    public void A_mean_of_logarithms_is_worked_out_by_hand()
    {
        // ln 1 = 0, ln 4 = 1.386294: mean 0.693147, s = 0.980258, half = 12.706205 * 0.980258 / sqrt 2 = 8.807271
        LogMean mean = LogMean.Of([1, 4]);
        Assert.Equal(2, mean.Value, 1e-12);
        Assert.Equal(2 * Math.Exp(-8.807271), mean.Low, 1e-8);
        Assert.Equal(2, mean.Count);
        Assert.Equal(double.PositiveInfinity, LogMean.Of([3]).RelativeWidth);
    }

    [Theory]
    [InlineData(0.50, 11)]
    [InlineData(0.90, 64)]
    [InlineData(0.95, 130)]
    [InlineData(0.99, 662)]
    public void A_percentile_needs_its_samples(double share, int required)
    {
        float[] samples = [.. Enumerable.Range(1, required).Select(i => (float)i)];
        Assert.Null(Percentile.Of(samples.AsSpan(1), share));
        Assert.Equal(Math.Ceiling(share * required), Percentile.Of(samples, share)!.Value);
    }

    [Fact]
    public void Known_numbers_come_from_a_known_seed()
    {
        SeededRandom random = new(1234567);
        Assert.Equal(6457827717110365317UL, random.Next());
        Assert.Equal(3203168211198807973UL, random.Next());
        Assert.Equal(9817491932198370423UL, random.Next());
    }

    /// <summary>
    /// Latencies as boards give them: within a round, samples that depend on one another (AR(1), phi 0.9), skewed, on a level that differs from
    /// round to round. The true quantile is that of very many rounds.
    /// </summary>
    [Theory]
    [InlineData(0.50, 8, 60)]
    [InlineData(0.50, 12, 400)]
    [InlineData(0.90, 8, 60)]
    [InlineData(0.90, 18, 400)]
    [InlineData(0.90, 40, 6)]
    public void The_quantiles_interval_covers_the_truth_although_samples_depend_on_one_another(double share, int rounds, int samples)
    {
        Normal normal = new(17);
        double truth = TrueQuantile(share);
        const int Repeats = 1_000;
        int covered = 0;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            float[][] data = [.. Enumerable.Range(0, rounds).Select(_ => Round(normal, samples))];
            QuantileEstimate estimate = SectionedQuantile.Of(data, SectionedQuantile.Sorted(data), share)!.Value;
            covered += estimate.Low <= truth && truth <= estimate.High ? 1 : 0;
        }

        Assert.InRange((double)covered / Repeats, 0.90, 1.0);
    }

    [Fact]
    public void The_ratios_interval_covers_the_truth_although_samples_depend_on_one_another()
    {
        Normal normal = new(23);
        const int Repeats = 2_000;
        int covered = 0;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            double[] ratios = [.. Enumerable.Range(0, 8).Select(_ => 0.5 * Round(normal, 60).Average() / Round(normal, 60).Average())];
            LogMean mean = LogMean.Of(ratios);
            covered += mean.Low <= 0.5 && 0.5 <= mean.High ? 1 : 0;
        }

        Assert.InRange((double)covered / Repeats, 0.93, 0.97);
    }

    private const double RoundSpread = 0.02;
    private const double SampleSpread = 0.05;
    private const double Memory = 0.9;

    private static float[] Round(Normal normal, int samples)
    {
        double level = RoundSpread * normal.Next(), deviation = normal.Next();
        float[] values = new float[samples];
        for (int i = 0; i < samples; i++)
        {
            values[i] = (float)(100 * Math.Exp(level + (SampleSpread * deviation)));
            deviation = (Memory * deviation) + (Math.Sqrt(1 - (Memory * Memory)) * normal.Next());
        }

        return values;
    }

    /// <summary>Level and deviation are normal, so the logarithm of a sample is, with the sum of their variances.</summary>
    private static double TrueQuantile(double share) => 100 * Math.Exp(
        MathNet.Numerics.Distributions.Normal.InvCDF(0, Math.Sqrt((RoundSpread * RoundSpread) + (SampleSpread * SampleSpread)), share));
}
