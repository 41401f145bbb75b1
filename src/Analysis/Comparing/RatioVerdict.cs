using Fleet.Domain.Measuring;
using Fleet.Statistics;

namespace Fleet.Analysis.Comparing;

/// <summary>
/// Same, faster, slower or inconclusive: "same" by two one-sided tests (the 90 % interval lies within the margin), else a difference where
/// the 95 % interval leaves out 1. A difference that is real but smaller than the margin is "same": nobody would notice it.
/// </summary>
public static class RatioVerdict
{
    /// <summary>Ratios from 1/1.02 to 1.02 count as the same, unless told otherwise.</summary>
    public const double DefaultMargin = 0.02;

    /// <returns>Null where the ratio has no interval, so that nothing can be said.</returns>
    public static Verdict? Of(Ratio ratio, double margin = DefaultMargin)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        if (ratio is not { Low: { } low, High: { } high, Rounds: >= 2 })
        {
            return null;
        }

        double centre = Math.Log(ratio.Value), half95 = Math.Log(high / low) / 2, bound = Math.Log(1 + margin);
        double half90 = half95 * Quantile(0.95, ratio.Rounds) / Quantile(0.975, ratio.Rounds);
        if (Math.Abs(centre) + half90 <= bound)
        {
            return new(VerdictKind.Same);
        }

        if (Math.Abs(centre) > half95)
        {
            return new(centre < 0 ? VerdictKind.Faster : VerdictKind.Slower);
        }

        return new(VerdictKind.Inconclusive, MoreRounds(Math.Abs(centre), half95, half90, bound, ratio.Rounds));
    }

    /// <summary>
    /// An interval narrows with the square root of the rounds. It is settled as a difference when it is narrower than the distance to 1, or
    /// as no difference when it fits between there and the margin; whichever comes first.
    /// </summary>
    private static int? MoreRounds(double distance, double half95, double half90, double bound, int rounds)
    {
        double forDifference = distance > 0 ? Math.Pow(half95 / distance, 2) : double.PositiveInfinity;
        double forSameness = distance < bound ? Math.Pow(half90 / (bound - distance), 2) : double.PositiveInfinity;
        double factor = Math.Min(forDifference, forSameness);

        // More than ten thousand times as long is as good as never.
        return factor < 1e4 ? Math.Max(1, (int)Math.Ceiling(rounds * (factor - 1))) : null;
    }

    private static double Quantile(double probability, int rounds) => StudentT.Quantile(probability, rounds - 1);
}
