using MathNet.Numerics.Distributions;

namespace Fleet.Analysis.Ranking;

/// <summary>A number with its 95 % interval, where there is one.</summary>
public sealed record Estimate(double Value, double? Low, double? High)
{
    /// <summary>The mean of several, with a t interval of their spread; a single one is itself.</summary>
    public static Estimate Mean(IReadOnlyList<Estimate> estimates)
    {
        if (estimates.Count == 1)
        {
            return estimates[0];
        }

        double mean = estimates.Average(estimate => estimate.Value);
        double variance = estimates.Sum(estimate => Math.Pow(estimate.Value - mean, 2)) / (estimates.Count - 1);
        double half = StudentT.InvCDF(0, 1, estimates.Count - 1, 0.975) * Math.Sqrt(variance / estimates.Count);
        return new(mean, mean - half, mean + half);
    }

    /// <summary>The same of the logarithms: for latencies and ratios.</summary>
    public static Estimate GeometricMean(IReadOnlyList<Estimate> estimates)
    {
        Estimate logs = Mean([.. estimates.Select(estimate => estimate.Map(Math.Log))]);
        return logs.Map(Math.Exp);
    }

    private Estimate Map(Func<double, double> map) => new(map(Value), Low is { } low ? map(low) : null, High is { } high ? map(high) : null);
}
