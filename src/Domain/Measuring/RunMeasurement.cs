using Fleet.Domain.Reasons;

namespace Fleet.Domain.Measuring;

/// <summary>All that was measured for one run. Travels as JSON from the worker through the agent's journal to the silo's store.</summary>
public sealed record RunMeasurement
{
    public required MeasuredMetric Metric { get; init; }
    public required Latency Latency { get; init; }
    /// <summary>Null for the reference itself, and where fewer than two paired rounds are valid.</summary>
    public Ratio? Ratio { get; init; }
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
