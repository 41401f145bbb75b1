namespace Fleet.Statistics;

/// <summary>
/// Mean of logarithms with its 95 % t interval, turned back: the geometric mean. For ratios and latencies, whose errors multiply.
/// </summary>
/// <param name="Value">The geometric mean.</param>
/// <param name="Low">Lower end; equal to <paramref name="Value"/> where there is only one value.</param>
/// <param name="High">Upper end.</param>
/// <param name="Count">Independent values behind it.</param>
public readonly record struct LogMean(double Value, double Low, double High, int Count)
{
    /// <summary>The interval's whole width as a share of the value; infinite where there is no interval.</summary>
    public double RelativeWidth => Count < 2 ? double.PositiveInfinity : (High - Low) / Value;

    /// <param name="values">Positive, independent of one another, at least one.</param>
    public static LogMean Of(IReadOnlyList<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 1, nameof(values));
        double mean = values.Average(Math.Log);
        if (values.Count == 1)
        {
            return new(Math.Exp(mean), Math.Exp(mean), Math.Exp(mean), 1);
        }

        double variance = values.Sum(value => Math.Pow(Math.Log(value) - mean, 2)) / (values.Count - 1);
        double half = StudentT.Quantile(0.975, values.Count - 1) * Math.Sqrt(variance / values.Count);
        return new(Math.Exp(mean), Math.Exp(mean - half), Math.Exp(mean + half), values.Count);
    }
}
