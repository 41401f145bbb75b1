namespace Fleet.Statistics;

/// <summary>Wilson's score interval of a proportion: right also near 0 and 1, and for few samples (Wilson 1927; Brown, Cai and DasGupta 2001).</summary>
public static class Wilson
{
    /// <summary>Quantile of the standard normal distribution at 0.975.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>The 95 % interval of <paramref name="successes"/> out of <paramref name="samples"/>.</summary>
    public static (double Low, double High) Interval(long successes, long samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, samples);
        double n = samples, p = successes / n, z2 = Z * Z;
        double centre = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        double half = Z / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
