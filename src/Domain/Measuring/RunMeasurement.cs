using Fleet.Domain.Reasons;

namespace Fleet.Domain.Measuring;

/// <summary>All that was measured for one run. Travels as JSON from the worker through the agent's journal to the silo's store.</summary>
public sealed record RunMeasurement
{
    public required MeasuredMetric Metric { get; init; }
    public required LatencySummary Latency { get; init; }
    /// <summary>Null for the reference itself, and where fewer than two paired rounds are valid.</summary>
    public RatioSummary? Ratio { get; init; }
    public long ModelBytes { get; init; }
    public long? ModelResidentBytes { get; init; }
    public long? PeakRssBytes { get; init; }
    public double? EnergyMillijoules { get; init; }
    public string? EnergySource { get; init; }
    public required Validity Validity { get; init; }
    /// <summary>Of the run as a whole, the gravest and commonest first.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }
    public required IReadOnlyList<Block> Blocks { get; init; }
    /// <summary>Where the measuring thread ran; null where nobody tried to pin it.</summary>
    public PinResult? Pin { get; init; }
    /// <summary>Seed of the rounds' order.</summary>
    public required ulong Seed { get; init; }
    /// <summary>Why the rounds ended: width reached | most rounds | time limit | no variant left.</summary>
    public required string StoppedBy { get; init; }
}

/// <summary>The task's metric on the device's own test run, with its 95 % interval (Wilson for a proportion, batch means for nats a token).</summary>
public sealed record MeasuredMetric(string Name, double? Value, double? Low, double? High, long Samples);

/// <summary>Microseconds of one inference. Percentiles are null where inferences were batched or too few were timed.</summary>
public sealed record LatencySummary
{
    public double? Cold { get; init; }
    public double? Mean { get; init; }
    public double? P50 { get; init; }
    public double? P50Low { get; init; }
    public double? P50High { get; init; }
    public double? P90 { get; init; }
    public double? P90Low { get; init; }
    public double? P90High { get; init; }
    public double? P95 { get; init; }
    public double? P99 { get; init; }
    /// <summary>Samples behind them: single inferences, or batches.</summary>
    public long N { get; init; }
    /// <summary>Inferences a sample; 1 where each was timed alone.</summary>
    public int BatchSize { get; init; } = 1;
}

/// <summary>Latency over the reference's, from the logarithms of the rounds' paired ratios, with a 95 % t interval.</summary>
public sealed record RatioSummary(double Value, double? Low, double? High, int Rounds);
