namespace Fleet.Statistics;

/// <summary>One board's estimate: the logarithm of a ratio, and its standard error.</summary>
public sealed record BoardEffect(string Board, double LogRatio, double StandardError);

/// <summary>A ratio over several boards.</summary>
/// <param name="Ratio">Of a board like those measured, on average.</param>
/// <param name="Low">Lower end of its 95 % interval; null with a single board, of whose kin nothing is known.</param>
/// <param name="High">Upper end.</param>
/// <param name="BetweenBoards">
/// Standard deviation between boards, of the logarithm: how much boards differ beyond the noise of measuring. Null with a single board.
/// </param>
/// <param name="Boards">Boards behind it.</param>
public sealed record CombinedRatio(double Ratio, double? Low, double? High, double? BetweenBoards, int Boards);

/// <summary>
/// Combines ratios over boards, with the board as a random effect: the variance between boards by DerSimonian and Laird (1986), the interval
/// by Hartung and Knapp (2001), which with few boards holds what it promises where the normal one does not; never narrower than without
/// that correction's factor (Röver, Knapp and Friede 2015).
/// </summary>
public static class RandomEffects
{
    public static CombinedRatio Combine(IReadOnlyList<BoardEffect> effects)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(effects.Count, 1, nameof(effects));
        if (effects.FirstOrDefault(effect => !(effect.StandardError > 0)) is { } bad)
        {
            throw new ArgumentException($"The standard error of {bad.Board} is {bad.StandardError}; it must be above zero.", nameof(effects));
        }

        if (effects.Count == 1)
        {
            return new(Math.Exp(effects[0].LogRatio), null, null, null, 1);
        }

        double between = BetweenVariance(effects);
        double[] weights = [.. effects.Select(effect => 1 / (Math.Pow(effect.StandardError, 2) + between))];
        double total = weights.Sum();
        double mean = effects.Zip(weights, (effect, weight) => weight * effect.LogRatio).Sum() / total;
        int degrees = effects.Count - 1;
        double spread = effects.Zip(weights, (effect, weight) => weight * Math.Pow(effect.LogRatio - mean, 2)).Sum() / degrees;
        double half = StudentT.Quantile(0.975, degrees) * Math.Sqrt(Math.Max(1, spread) / total);
        return new(Math.Exp(mean), Math.Exp(mean - half), Math.Exp(mean + half), Math.Sqrt(between), effects.Count);
    }

    /// <summary>The method of moments: what Cochran's Q exceeds its expectation by, scaled; never negative.</summary>
    internal static double BetweenVariance(IReadOnlyList<BoardEffect> effects)
    {
        double[] weights = [.. effects.Select(effect => 1 / Math.Pow(effect.StandardError, 2))];
        double total = weights.Sum();
        double mean = effects.Zip(weights, (effect, weight) => weight * effect.LogRatio).Sum() / total;
        double q = effects.Zip(weights, (effect, weight) => weight * Math.Pow(effect.LogRatio - mean, 2)).Sum();
        double scale = total - (weights.Sum(weight => weight * weight) / total);
        return Math.Max(0, (q - (effects.Count - 1)) / scale);
    }
}
