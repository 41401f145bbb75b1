namespace Fleet.Tasks.Metrics;

/// <summary>A share of right answers with its 95 % Wilson interval.</summary>
/// <remarks>
/// Centre (p + z^2 / 2n) / (1 + z^2 / n), half width z / (1 + z^2 / n) sqrt(p (1 - p) / n + z^2 / 4n^2), z = 1.959964.
/// Source: Wilson 1927. Unlike the normal interval it stays within [0, 1] and holds near both ends.
/// </remarks>
public sealed record Proportion(int Right, int Samples, double Value, double Low, double High)
{
    private const double Z = 1.959963984540054;

    /// <exception cref="ArgumentOutOfRangeException">No samples, or more right answers than samples.</exception>
    public static Proportion Of(int right, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(right, samples);
        var share = (double)right / samples;
        var square = Z * Z / samples;
        var centre = (share + (square / 2)) / (1 + square);
        var half = Z / (1 + square) * Math.Sqrt((share * (1 - share) / samples) + (square / (4 * samples)));
        return new Proportion(right, samples, share, right == 0 ? 0 : centre - half, right == samples ? 1 : centre + half);
    }
}
