using System.Text.Json.Serialization;
using Fleet.Measurement.Boards;
using Fleet.Protocol.Results;

namespace Fleet.Measurement.Results;

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

[JsonConverter(typeof(JsonStringEnumConverter<Validity>))]
public enum Validity
{
    [JsonStringEnumMemberName("valid")]
    Valid,
    [JsonStringEnumMemberName("suspect")]
    Suspect,
    [JsonStringEnumMemberName("invalid")]
    Invalid,
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

/// <summary>One stretch of repeated inferences of one variant, and what the machine did meanwhile.</summary>
public sealed record Block
{
    public required int Round { get; init; }
    /// <summary>Place within the round's order, from 0.</summary>
    public required int Position { get; init; }
    /// <summary>0, then 1 and up where an invalid block was measured again.</summary>
    public int Attempt { get; init; }
    public required double StartSeconds { get; init; }
    public required double Seconds { get; init; }
    public required long Inferences { get; init; }
    public required double MeanMicroseconds { get; init; }
    public double? MedianMicroseconds { get; init; }
    public required Validity Validity { get; init; }
    /// <summary>Why it is not valid. Of an invalid block, only what makes it invalid.</summary>
    public required IReadOnlyList<Reason> Reasons { get; init; }
    public double? TemperatureBeforeCelsius { get; init; }
    public double? TemperatureAfterCelsius { get; init; }
    /// <summary>Observed clock over nominal.</summary>
    public double? ClockRatio { get; init; }
    /// <summary>Share of the machine's CPU time taken by others, 0 to 1.</summary>
    public double? OthersCpuShare { get; init; }
    /// <summary>Share of the block, 0 to 1, in which the worker could have run but another held its core.</summary>
    public double? CoreWaitShare { get; init; }
    public long? MajorFaults { get; init; }
    public long? InvoluntarySwitches { get; init; }
    public int GarbageCollections { get; init; }
    public bool? UnderVoltage { get; init; }
    public bool? Throttled { get; init; }
    public string? Governor { get; init; }
    public double GateWaitSeconds { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunMeasurement))]
public sealed partial class MeasurementJson : JsonSerializerContext;
