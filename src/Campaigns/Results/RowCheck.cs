using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Domain.Tasks;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Results;

/// <summary>Whether a stored row can be what it says: a store may have been damaged, or written before values were checked.</summary>
public static class RowCheck
{
    /// <summary>The first field whose value is missing or impossible, with the reason; null where there is none.</summary>
    public static string? FindFault(ResultRow row)
    {
        var check = new ValueCheck();
        (string Field, string? Value)[] texts =
        [
            ("campaign", row.Campaign), ("run", row.Run), ("session", row.Session), ("variant", row.Variant), ("variant_name", row.VariantName),
            ("task", row.Task), ("cell", row.Cell), ("method", row.Method), ("precision", row.Precision), ("device", row.Device), ("board", row.Board),
            ("arch", row.Arch), ("isa", row.Isa), ("runtime", row.Runtime), ("engine", row.Engine), ("mode", row.Mode), ("phase", row.Phase),
            ("clock", row.Clock), ("metric", row.Metric), ("agent_version", row.AgentVersion),
        ];
        foreach (var (field, value) in texts)
        {
            check.Has(field, value);
        }

        if (check.Has("method_parameters", row.MethodParameters))
        {
            foreach (var (name, value) in row.MethodParameters)
            {
                check.Has($"method_parameters.{PlainText.Clean(name, PlainText.MaxName)}", value);
            }
        }

        check.Reasons("reasons", row.Reasons, code => code is not (ReasonCodes.RowUnreadable or ReasonCodes.BlocksUnreadable));
        Numbers(check, row);
        return check.Fault;
    }

    private static void Numbers(ValueCheck check, ResultRow row)
    {
        var max = row.Metric is { } metric && TaskMetric.Of(metric).IsShare ? 1 : ValueCheck.MaxCount;
        check.Number("metric_value", row.MetricValue, max > 1 ? -max : 0, max);
        check.Number("compression", row.Compression);
        check.Number("compression_model", row.CompressionModel);
        check.Number("parameters", row.Parameters);
        check.Number("macs_per_step", row.MacsPerStep);
        check.Number("samples", row.Samples);
        check.Number("model_bytes", row.ModelBytes, max: ValueCheck.MaxBytes);
        check.Number("model_resident_bytes", row.ModelResidentBytes, max: ValueCheck.MaxBytes);
        check.Number("peak_rss_bytes", row.PeakRssBytes, max: ValueCheck.MaxBytes);
        check.Number("energy_mj", row.EnergyMj);
        if (row.LatencyUs is { } latency)
        {
            (string Field, double? Value)[] times =
            [
                ("cold", latency.Cold), ("mean", latency.Mean), ("p50", latency.P50), ("p50_low", latency.P50Low), ("p50_high", latency.P50High),
                ("p90", latency.P90), ("p90_low", latency.P90Low), ("p90_high", latency.P90High), ("p95", latency.P95), ("p99", latency.P99),
            ];
            foreach (var (field, value) in times)
            {
                check.Number($"latency_us.{field}", value, max: ValueCheck.MaxMicroseconds);
            }

            check.Number("latency_us.n", latency.N);
            check.Number("latency_us.batch_size", latency.BatchSize, min: 1);
        }

        check.Number("ratio_to_reference.value", row.RatioToReference?.Value);
        check.Number("ratio_to_reference.low", row.RatioToReference?.Low);
        check.Number("ratio_to_reference.high", row.RatioToReference?.High);
    }
}
