using Fleet.Domain.Measuring;
using Fleet.Statistics;

namespace Fleet.Analysis.Comparing;

/// <summary>What is known of one seed's model: a number (a logarithm of time, a metric's cost) and half of its 95 % interval.</summary>
/// <param name="Value">The number.</param>
/// <param name="HalfWidth">Null where it has no interval.</param>
internal readonly record struct Evidence(double Value, double? HalfWidth)
{
    /// <summary>Half of a normal 90 % interval over half of a 95 % one.</summary>
    private const double NinetyOverNinetyFive = 1.6449 / 1.96;

    /// <summary>Of the reference's time over itself.</summary>
    public static Evidence Zero { get; } = new(0, 0);

    public Estimate Interval => new(Value, Value - HalfWidth, Value + HalfWidth);

    /// <summary>The mean of several, each known by itself.</summary>
    public static Evidence Mean(IReadOnlyList<Evidence> several) => new(
        several.Average(one => one.Value),
        several.All(one => one.HalfWidth is not null) ? Math.Sqrt(several.Sum(one => one.HalfWidth!.Value * one.HalfWidth.Value)) / several.Count : null);

    /// <summary>Of a number with its interval.</summary>
    public static Evidence Of(double value, double? low, double? high) => new(value, (high - low) / 2);

    /// <summary>The logarithm of a ratio.</summary>
    public static Evidence Of(Ratio ratio) => Of(Math.Log(ratio.Value), Log(ratio.Low), Log(ratio.High));

    /// <summary>Of a latency, for variants without a ratio to a common reference.</summary>
    public static Evidence Of(Latency latency) => latency.P50 is { } median
        ? Of(Math.Log(median), Log(latency.P50Low), Log(latency.P50High))
        : new(Math.Log(latency.Mean!.Value), null);

    /// <summary>Intervals as of independent numbers, which is the wider way: both share the reference's noise, or the test samples.</summary>
    public Evidence Over(Evidence other) =>
        new(Value - other.Value, HalfWidth is { } mine && other.HalfWidth is { } its ? Math.Sqrt((mine * mine) + (its * its)) : null);

    /// <summary>
    /// What the first's seeds differ by from the same seeds of the second: Student's interval over the pairs, and of a single pair that of
    /// its own measurement.
    /// </summary>
    /// <returns>Null where they have no seed in common.</returns>
    public static Estimate? Difference(IReadOnlyDictionary<long, Evidence> one, IReadOnlyDictionary<long, Evidence> other, double confidence)
    {
        Evidence[] pairs = [.. one.Where(pair => other.ContainsKey(pair.Key)).Select(pair => pair.Value.Over(other[pair.Key]))];
        return pairs switch
        {
            [] => null,
            [var only] => confidence < 0.95 ? (only with { HalfWidth = only.HalfWidth * NinetyOverNinetyFive }).Interval : only.Interval,
            _ => Estimate.OfMean([.. pairs.Select(pair => pair.Value)], confidence),
        };
    }

    private static double? Log(double? value) => value is { } known ? Math.Log(known) : null;
}
