using Fleet.Domain.Reasons;

namespace Fleet.Domain.Measuring;

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
