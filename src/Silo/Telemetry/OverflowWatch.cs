using System.Diagnostics.Metrics;
using Fleet.Grains.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Fleet.Silo.Telemetry;

/// <summary>
/// Finds out which instruments have more series than the SDK holds for one (2,000 since the silo's start). What is recorded beyond them is
/// folded into one series with no label but <c>otel.metric.overflow</c>; this makes a metric of it, for an alert. It is a reader of its own,
/// since the Prometheus exporter keeps its batches to itself.
/// </summary>
internal sealed class OverflowWatch : BaseExporter<Metric>
{
    private const string OverflowTag = "otel.metric.overflow";
    private readonly Lock gate = new();
    private readonly BaseExportingMetricReader reader;
    private Measurement<int>[] found = [];

    public OverflowWatch(IMeterFactory meters)
    {
        reader = new BaseExportingMetricReader(this);
        meters.Create(FleetInstruments.MeterName).CreateObservableGauge(
            "fleet.metrics.overflowing",
            () => Volatile.Read(ref found),
            "1",
            "1 where an instrument has more series than are exported, else 0; the label instrument names it.");
    }

    public MetricReader Reader => reader;

    /// <summary>To be called before a scrape, which then tells what is so now.</summary>
    public void Look()
    {
        lock (gate)
        {
            reader.Collect();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var seen = new List<Measurement<int>>();
        foreach (var metric in batch)
        {
            seen.Add(new Measurement<int>(Overflows(metric) ? 1 : 0, new KeyValuePair<string, object?>("instrument", metric.Name)));
        }

        Volatile.Write(ref found, [.. seen]);
        return ExportResult.Success;
    }

    private static bool Overflows(Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            foreach (var tag in point.Tags)
            {
                if (tag.Key == OverflowTag)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
