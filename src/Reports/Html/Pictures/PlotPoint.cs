using Fleet.Analysis.Ranking;
using Fleet.Statistics;

namespace Fleet.Reports.Html.Pictures;

/// <summary>A variant as it is drawn; without a latency that counts it stands beside the axis.</summary>
internal sealed record PlotPoint(VariantPoint Point, Extent? Latency, Extent Metric)
{
    /// <summary>
    /// Where inferences were batched there is no interval of the latency itself, but there is one of its ratio to the reference: drawn about
    /// the latency, it shows which variants differ.
    /// </summary>
    public static PlotPoint Of(VariantPoint point)
    {
        Estimate? latency = point.LatencyMicroseconds;
        if (latency is { Low: null } && point.Ratio is { Low: { } low, High: { } high } ratio)
        {
            latency = new(latency.Value, latency.Value * low / ratio.Value, latency.Value * high / ratio.Value);
        }

        return new(point, latency is null ? null : Extent.Of(latency), Extent.Of(point.Metric!));
    }
}

/// <summary>A value and its interval, as far as there is one.</summary>
internal readonly record struct Extent(double Value, double? Low, double? High)
{
    public IEnumerable<double> All => [Value, Low ?? Value, High ?? Value];

    public static Extent Of(Estimate estimate) => estimate is { Low: { } low, High: { } high } && double.IsFinite(low) && double.IsFinite(high)
        ? new(estimate.Value, low, high)
        : new(estimate.Value, null, null);
}
