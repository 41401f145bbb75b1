namespace Fleet.Domain.Measuring;

/// <summary>
/// A variant's latency over the reference's in the same session (below 1 is faster), from the logarithms of the rounds' paired ratios,
/// with a 95 % t interval.
/// </summary>
public sealed record Ratio
{
    public required double Value { get; init; }
    public double? Low { get; init; }
    public double? High { get; init; }
    public required int Rounds { get; init; }
}
