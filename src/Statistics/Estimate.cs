namespace Fleet.Statistics;

/// <summary>A number with its interval, of 95 % unless it is said, where there is one.</summary>
public sealed record Estimate(double Value, double? Low, double? High)
{
    private const double Confidence = 0.95;

    /// <summary>The mean of several, with a t interval of their spread; a single one is itself.</summary>
    public static Estimate Mean(IReadOnlyList<Estimate> estimates) =>
        estimates.Count == 1 ? estimates[0] : OfMean([.. estimates.Select(estimate => estimate.Value)], Confidence);

    /// <summary>
    /// The mean m of n values with Student's (1908) interval, m +- t(n - 1, (1 + confidence) / 2) s / sqrt(n), s their standard deviation. Of the spread of
    /// a single one nothing is known.
    /// </summary>
    public static Estimate OfMean(IReadOnlyList<double> values, double confidence)
    {
        double mean = values.Average();
        if (values.Count == 1)
        {
            return new(mean, null, null);
        }

        double variance = values.Sum(value => Math.Pow(value - mean, 2)) / (values.Count - 1);
        double half = StudentT.Quantile((1 + confidence) / 2, values.Count - 1) * Math.Sqrt(variance / values.Count);
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
