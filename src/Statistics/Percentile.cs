namespace Fleet.Statistics;

/// <summary>Percentiles of single inferences, with the number of samples each needs to be told at all.</summary>
public static class Percentile
{
    /// <summary>
    /// Samples that a percentile needs: MLPerf LoadGen's early stopping with confidence 0.99 and one sample allowed beyond the percentile's
    /// share. Below that it is null, not guessed.
    /// </summary>
    public static int RequiredSamples(double share) => share switch
    {
        0.50 => 11,
        0.90 => 64,
        0.95 => 130,
        0.99 => 662,
        _ => throw new ArgumentOutOfRangeException(nameof(share), share, "known are 0.50, 0.90, 0.95 and 0.99"),
    };

    /// <summary>The least sample that at least this share of the samples does not exceed: one that was really seen. Null for too few.</summary>
    public static double? Of(ReadOnlySpan<float> sorted, double share) =>
        sorted.Length < RequiredSamples(share) ? null : AtRank(sorted, share);

    internal static double AtRank(ReadOnlySpan<float> sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
