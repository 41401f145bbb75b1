using System.Diagnostics.Metrics;
using Fleet.Domain.Results;
using Fleet.Statistics;

namespace Fleet.Silo.Telemetry;

/// <summary>Gauges over stored results. Over several seeds or replicates, an interval is that of their mean, as in the report.</summary>
internal static class ResultGauges
{
    private const double MicrosecondsPerSecond = 1e6;

    public static void Add(Meter meter, CurrentResults results)
    {
        AddInterval(
            "fleet.run.latency.p50",
            "s",
            "Median latency of one inference",
            row => Seconds(row.LatencyUs?.P50, row.LatencyUs?.P50Low, row.LatencyUs?.P50High),
            Estimate.GeometricMean);
        AddInterval(
            "fleet.run.latency.p90",
            "s",
            "90th percentile of the latency of one inference",
            row => Seconds(row.LatencyUs?.P90, row.LatencyUs?.P90Low, row.LatencyUs?.P90High),
            Estimate.GeometricMean);
        AddValue("fleet.run.latency.mean", "s", "Mean latency of one inference.", row => Seconds(row.LatencyUs?.Mean, null, null), Estimate.GeometricMean);
        AddInterval(
            "fleet.run.ratio",
            "1",
            "Latency over the reference's in the same session",
            row => row.RatioToReference is { } ratio ? new(ratio.Value, ratio.Low, ratio.High) : null,
            Estimate.GeometricMean);
        AddInterval(
            "fleet.run.metric",
            "1",
            "The task's metric, evaluated on the device (the label metric names it)",
            row => Known(row.MetricValue, row.MetricLow, row.MetricHigh),
            Estimate.Mean);
        AddValue("fleet.model.size", "By", "Size of the model's file.", row => Known(row.ModelBytes), Estimate.Mean);
        AddValue("fleet.model.parameters", "{parameter}", "Parameters of the model.", row => Known(row.Parameters), Estimate.Mean);
        AddValue("fleet.model.compression", "1", "Achieved compression factor over the cell's weights.", row => Known(row.Compression), Estimate.Mean);
        meter.CreateObservableGauge(
            "fleet.campaign.blocks", results.Blocks, "{block}", "Blocks behind a campaign's results, by validity and the reason for it.");
        meter.CreateObservableGauge(
            "fleet.campaign.rows.unreadable", results.Unreadable, "{row}", "Stored results of a campaign that cannot be read; its table and report name them.");

        void AddInterval(string name, string unit, string what, Func<ResultRow, Estimate?> value, Func<IReadOnlyList<Estimate>, Estimate> over)
        {
            AddValue(name, unit, $"{what}; over seeds and replicates, their mean.", value, over);
            meter.CreateObservableGauge(
                $"{name}.low", () => results.Measure(series => series.Of(value, over)?.Low), unit, $"{what}: lower end of its 95 % interval.");
            meter.CreateObservableGauge(
                $"{name}.high", () => results.Measure(series => series.Of(value, over)?.High), unit, $"{what}: upper end of its 95 % interval.");
        }

        void AddValue(string name, string unit, string description, Func<ResultRow, Estimate?> value, Func<IReadOnlyList<Estimate>, Estimate> over) =>
            meter.CreateObservableGauge(name, () => results.Measure(series => series.Of(value, over)?.Value), unit, description);
    }

    private static Estimate? Seconds(double? microseconds, double? low, double? high) =>
        Known(microseconds / MicrosecondsPerSecond, low / MicrosecondsPerSecond, high / MicrosecondsPerSecond);

    private static Estimate? Known(double? value, double? low = null, double? high = null) => value is { } known ? new(known, low, high) : null;
}
