using Fleet.Protocol.Results;
using MathNet.Numerics.Distributions;

namespace Fleet.Analysis.Comparing;

/// <summary>How a variant's metric compares with the reference's, over the seeds that both were trained with.</summary>
/// <param name="MeanDifference">What the variant is better by; negative where it is worse.</param>
/// <param name="LowerBound">The difference is above this with 95 % confidence; null with fewer than two seeds.</param>
/// <param name="NotInferior">The lower bound stays above minus the margin. Null: too few seeds to say.</param>
/// <param name="Seeds">Pairs behind it.</param>
public sealed record MetricComparison(double MeanDifference, double? LowerBound, bool? NotInferior, int Seeds);

/// <summary>"No loss" means that a margin was held, not that two numbers look alike: a one-sided t test of differences paired by seed.</summary>
public static class NonInferiority
{
    /// <param name="reference">The reference's metric by seed.</param>
    /// <param name="variant">The variant's.</param>
    /// <param name="margin">The loss that would still be accepted, in the metric's own unit; above zero.</param>
    /// <param name="metric">Says which way is better.</param>
    /// <returns>Null where no seed has both.</returns>
    public static MetricComparison? PairedBySeed(
        IReadOnlyDictionary<long, double> reference, IReadOnlyDictionary<long, double> variant, double margin, TaskMetric metric)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        double[] differences = [.. variant.Where(pair => reference.ContainsKey(pair.Key)).Select(pair => metric.Cost(reference[pair.Key]) - metric.Cost(pair.Value))];
        if (differences.Length == 0)
        {
            return null;
        }

        double mean = differences.Average();
        int count = differences.Length;
        if (count == 1)
        {
            return new(mean, null, null, 1);
        }

        double variance = differences.Sum(difference => Math.Pow(difference - mean, 2)) / (count - 1);
        double bound = mean - (StudentT.InvCDF(0, 1, count - 1, 0.95) * Math.Sqrt(variance / count));
        return new(mean, bound, bound > -margin, count);
    }
}
