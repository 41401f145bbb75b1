namespace Fleet.Domain.Tasks;

/// <summary>The packed data of one task, by hash, and what its shape is.</summary>
public sealed record TaskData
{
    public required string Task { get; init; }
    public required string TrainingSha256 { get; init; }
    public required string TestSha256 { get; init; }
    /// <summary>Features a time step.</summary>
    public required int Input { get; init; }
    /// <summary>Time steps a sequence.</summary>
    public required int Steps { get; init; }
    public required int Classes { get; init; }
    public required int TrainingSamples { get; init; }
    public required int TestSamples { get; init; }
}
