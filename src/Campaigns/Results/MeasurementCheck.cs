using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Tasks;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Results;

/// <summary>Whether the values of a measurement can be: present, finite, in range, in order, and of the task that was leased.</summary>
internal static class MeasurementCheck
{
    private const double MinCelsius = -273.15;
    private const double MaxCelsius = 1000;
    private const double MaxSeconds = 1e9;
    private const double MaxRatio = 1e9;

    // Two rounds that differ say next to nothing.
    private const double MaxUpperEnd = 1e100;
    private const double MaxMetric = 1e9;
    private const double MaxMillijoules = 1e15;
    private const int MaxBlocks = 1_000_000;

    /// <summary>What fails has no measurement.</summary>
    private static readonly string[] Measurable = [.. Words<Validity>.All.Where(word => word != Domain.Measuring.Validity.Failed.Word())];

    // The interval of a share of 0 or 1 is computed, and may miss it by a rounding.
    private const double Rounding = 1e-9;

    /// <summary>The first field whose value is impossible, with the reason; null where there is none.</summary>
    public static string? FindFault(RunMeasurement measurement, TaskMetric metric)
    {
        var check = new ValueCheck();
        if (check.Has("metric", measurement.Metric))
        {
            Metric(check, measurement.Metric, metric);
        }

        if (check.Has("latency", measurement.Latency))
        {
            Latency(check, measurement.Latency);
        }

        check.Number("model_bytes", measurement.ModelBytes, max: ValueCheck.MaxBytes);
        check.Number("model_resident_bytes", measurement.ModelResidentBytes, max: ValueCheck.MaxBytes);
        check.Number("peak_rss_bytes", measurement.PeakRssBytes, max: ValueCheck.MaxBytes);
        check.Number("energy_millijoules", measurement.EnergyMillijoules, max: MaxMillijoules);
        check.Name("energy_source", measurement.EnergySource, optional: true);
        check.Name("stopped_by", measurement.StoppedBy);
        Validity(check, "validity", measurement.Validity);
        check.Reasons("reasons", measurement.Reasons, ReasonText.IsOfMeasuring);
        if (measurement.Pin is { } pin && check.Has("pin.notes", pin.Notes))
        {
            check.Number("pin.core", pin.Core, max: int.MaxValue);
            foreach (var note in pin.Notes)
            {
                check.Has("pin.notes", note);
            }
        }

        if (check.Has("blocks", measurement.Blocks))
        {
            Blocks(check, measurement.Blocks);
        }

        if (check.Fault is null)
        {
            Counts(check, measurement);
        }

        return check.Fault;
    }

    private static void Metric(ValueCheck check, MeasuredMetric measured, TaskMetric metric)
    {
        check.Word("metric.name", measured.Name, metric.Name);
        var (min, max) = metric.IsShare ? (0, 1) : metric == TaskMetric.Nats ? (0, MaxMetric) : (-MaxMetric, MaxMetric);
        check.Number("metric.value", measured.Value, min, max);
        check.Number("metric.low", measured.Low, min - Rounding, max);
        check.Number("metric.high", measured.High, min, max + Rounding);
        check.Number("metric.samples", measured.Samples);
        check.Ordered(Rounding, ("metric.low", measured.Low), ("metric.value", measured.Value), ("metric.high", measured.High));
    }

    private static void Latency(ValueCheck check, Latency latency)
    {
        (string Field, double? Value)[] all =
        [
            ("latency.cold", latency.Cold), ("latency.mean", latency.Mean), ("latency.p50", latency.P50), ("latency.p50_low", latency.P50Low),
            ("latency.p50_high", latency.P50High), ("latency.p90", latency.P90), ("latency.p90_low", latency.P90Low), ("latency.p90_high", latency.P90High),
            ("latency.p95", latency.P95), ("latency.p99", latency.P99),
        ];
        foreach (var (field, value) in all)
        {
            check.Number(field, value, max: ValueCheck.MaxMicroseconds);
        }

        check.Number("latency.n", latency.N);
        if (check.Has("latency.batch_size", latency.BatchSize))
        {
            check.Number("latency.batch_size", latency.BatchSize, min: 1);
        }

        check.Ordered(0, ("latency.p50_low", latency.P50Low), ("latency.p50", latency.P50), ("latency.p50_high", latency.P50High));
        check.Ordered(0, ("latency.p90_low", latency.P90Low), ("latency.p90", latency.P90), ("latency.p90_high", latency.P90High));
        check.Ordered(0, ("latency.p50", latency.P50), ("latency.p90", latency.P90), ("latency.p95", latency.P95), ("latency.p99", latency.P99));
    }

    private static void Blocks(ValueCheck check, IReadOnlyList<Block> blocks)
    {
        check.Number("blocks, how many there are", blocks.Count, max: MaxBlocks);
        foreach (var block in blocks)
        {
            if (!check.Has("blocks", block))
            {
                return;
            }

            check.Number("blocks.round", block.Round, max: MaxBlocks);
            check.Number("blocks.position", block.Position, max: MaxBlocks);
            check.Number("blocks.attempt", block.Attempt, max: MaxBlocks);
            check.Number("blocks.start_seconds", block.StartSeconds, max: MaxSeconds);
            check.Number("blocks.seconds", block.Seconds, max: MaxSeconds);
            check.Number("blocks.inferences", block.Inferences);
            check.Number("blocks.mean_microseconds", block.MeanMicroseconds, max: ValueCheck.MaxMicroseconds);
            check.Number("blocks.median_microseconds", block.MedianMicroseconds, max: ValueCheck.MaxMicroseconds);
            Validity(check, "blocks.validity", block.Validity);
            check.Reasons("blocks.reasons", block.Reasons, ReasonText.IsOfMeasuring);
            check.Number("blocks.temperature_before_celsius", block.TemperatureBeforeCelsius, MinCelsius, MaxCelsius);
            check.Number("blocks.temperature_after_celsius", block.TemperatureAfterCelsius, MinCelsius, MaxCelsius);
            check.Number("blocks.clock_ratio", block.ClockRatio, max: MaxRatio);
            check.Number("blocks.others_cpu_share", block.OthersCpuShare, max: 1);
            // The counters are read a moment before and after the block: of a short one, the wait may be a multiple.
            check.Number("blocks.core_wait_share", block.CoreWaitShare, max: MaxRatio);
            check.Number("blocks.major_faults", block.MajorFaults);
            check.Number("blocks.involuntary_switches", block.InvoluntarySwitches);
            check.Number("blocks.garbage_collections", block.GarbageCollections);
            check.Number("blocks.gate_wait_seconds", block.GateWaitSeconds, max: MaxSeconds);
            check.Name("blocks.governor", block.Governor, optional: true);
        }
    }

    /// <summary>Numbers that only others make possible.</summary>
    private static void Counts(ValueCheck check, RunMeasurement measurement)
    {
        var counted = measurement.Blocks.Where(block => block.Validity != Domain.Measuring.Validity.Invalid).ToArray();
        var inferences = counted.Sum(block => (double)block.Inferences);
        check.Number("latency.n", measurement.Latency.N, max: inferences / measurement.Latency.BatchSize!.Value);
        if (measurement.Ratio is { } ratio)
        {
            check.Number("ratio.value", ratio.Value, min: 1 / MaxRatio, max: MaxRatio);
            check.Number("ratio.low", ratio.Low, max: MaxRatio);
            check.Number("ratio.high", ratio.High, max: MaxUpperEnd);
            check.Ordered(Rounding, ("ratio.low", ratio.Low), ("ratio.value", ratio.Value), ("ratio.high", ratio.High));
            check.Number("ratio.rounds", ratio.Rounds, max: counted.Select(block => block.Round).Distinct().Count());
        }
    }

    private static void Validity(ValueCheck check, string field, Validity validity) =>
        check.Word(field, validity.Word(), Measurable);
}
