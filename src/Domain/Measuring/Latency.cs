namespace Fleet.Domain.Measuring;

/// <summary>
/// Latency of one inference (a step in streaming mode, a sequence in window mode), in microseconds. Percentiles are null where inferences
/// were timed in batches, or too few of them.
/// </summary>
public sealed record Latency
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
    public required long N { get; init; }
    /// <summary>Inferences a sample; 1 where each was timed alone. Null in rows of version 0.1.0, which say only whether it was more.</summary>
    public int? BatchSize { get; init; }
    /// <summary>Inferences were timed in batches. Follows from <see cref="BatchSize"/> where that is known.</summary>
    public bool Batched { get => BatchSize is { } size ? size > 1 : field; init; }
}
