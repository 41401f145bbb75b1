using Fleet.Statistics;

namespace Fleet.Measurement.Sessions;

/// <summary>Statistics whose unit is the round.</summary>
internal static class RoundRatios
{
    /// <summary>The variant's latency over the reference's, from the rounds in which both count; null where there is none.</summary>
    public static LogMean? Of(VariantRounds variant, VariantRounds reference, int rounds) =>
        OfValues(Enumerable.Range(0, rounds).Select(round => variant.Level(round) / reference.Level(round)));

    /// <summary>The variant's own latency, from the rounds that count; null where there is none.</summary>
    public static LogMean? LevelOf(VariantRounds variant, int rounds) =>
        OfValues(Enumerable.Range(0, rounds).Select(variant.Level));

    private static LogMean? OfValues(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        return known.Length == 0 ? null : LogMean.Of(known);
    }
}
