using MathNet.Numerics.Distributions;

namespace Fleet.Analysis.Claims;

/// <summary>A mean of differences of pairs, and Student's interval for it.</summary>
/// <param name="Low">Null with a single pair, of whose spread nothing is known.</param>
internal readonly record struct PairedInterval(double Mean, double? Low, double? High, int Pairs)
{
    /// <summary>d +- t(n - 1, (1 + confidence) / 2) s / sqrt(n), with d the mean and s the standard deviation of the n differences (Student 1908).</summary>
    public static PairedInterval Of(IReadOnlyList<double> differences, double confidence)
    {
        int count = differences.Count;
        double mean = differences.Average();
        if (count == 1)
        {
            return new(mean, null, null, 1);
        }

        double variance = differences.Sum(difference => Math.Pow(difference - mean, 2)) / (count - 1);
        double half = StudentT.InvCDF(0, 1, count - 1, (1 + confidence) / 2) * Math.Sqrt(variance / count);
        return new(mean, mean - half, mean + half, count);
    }
}
