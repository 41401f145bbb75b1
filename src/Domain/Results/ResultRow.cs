using System.Text.Json.Serialization;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;

namespace Fleet.Domain.Results;

/// <summary>
/// One run's result: a row of results.json, CSV and the API, with the same names everywhere (snake case).
/// What was not measured is null, never a guess. Units stand in the names.
/// </summary>
public sealed record ResultRow
{
    public required string Campaign { get; init; }
    public required string Run { get; init; }
    public required string Session { get; init; }
    /// <summary>The variant's key: the hash of all that decides its weights.</summary>
    public required string Variant { get; init; }
    /// <summary>Short name for people and labels: <c>hmd-4x</c>, <c>dense</c>.</summary>
    public required string VariantName { get; init; }
    public required string Task { get; init; }
    public required string Cell { get; init; }
    public required string Method { get; init; }
    public required IReadOnlyDictionary<string, string> MethodParameters { get; init; }
    public required string Precision { get; init; }
    public required long Seed { get; init; }
    public required int Replicate { get; init; }
    /// <summary>Achieved compression factor over the cell's weights (biases left out).</summary>
    public double? Compression { get; init; }
    /// <summary>The same over the whole model, with head and biases.</summary>
    public double? CompressionModel { get; init; }
    public long? Parameters { get; init; }
    public long? MacsPerStep { get; init; }
    public long? ModelBytes { get; init; }
    public long? ModelResidentBytes { get; init; }
    public required string Device { get; init; }
    public required string Board { get; init; }
    public required string Arch { get; init; }
    public required string Isa { get; init; }
    public required bool Emulated { get; init; }
    /// <summary>aot | jit</summary>
    public required string Runtime { get; init; }
    public required string Engine { get; init; }
    /// <summary>window | streaming</summary>
    public required string Mode { get; init; }
    /// <summary>burst | sustained</summary>
    public required string Phase { get; init; }
    public required string Clock { get; init; }
    /// <summary>Which cores were asked for: any | big | little | the number of one; null in rows of before they could be asked for.</summary>
    public string? Cores { get; init; }
    /// <summary>The core that it was measured on; null where the thread could not be kept on one.</summary>
    public int? Core { get; init; }
    public required string Metric { get; init; }
    public double? MetricValue { get; init; }
    public double? MetricLow { get; init; }
    public double? MetricHigh { get; init; }
    /// <summary>Test samples behind <see cref="MetricValue"/>.</summary>
    public long? Samples { get; init; }
    public Latency? LatencyUs { get; init; }
    public Ratio? RatioToReference { get; init; }
    public long? PeakRssBytes { get; init; }
    public double? EnergyMj { get; init; }
    public string? EnergySource { get; init; }
    public required Validity Validity { get; init; }
    public required IReadOnlyList<Reason> Reasons { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required string AgentVersion { get; init; }

    /// <summary>The same row with what the condition says beyond mode, phase and clock.</summary>
    public ResultRow Under(Condition condition) => this with { Cores = condition.Cores.ToString() };

    /// <summary>What was asked for beyond mode, phase and clock, for headings and to tell rows apart: <c>little cores</c>; empty where nothing was.</summary>
    [JsonIgnore]
    public string Setting => Cores is null or "any" ? "" : char.IsAsciiDigit(Cores[0]) ? $"core {Cores}" : $"{Cores} cores";

    /// <summary>False where it stands for a stored row that is damaged: of that only campaign, run and reason are known.</summary>
    [JsonIgnore]
    public bool IsReadable => Reasons is not [{ Code: ReasonCodes.RowUnreadable }];
}
