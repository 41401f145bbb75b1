namespace Fleet.Domain.Jobs;

public sealed record JobSummary
{
    /// <summary>The variant's key.</summary>
    public required string Variant { get; init; }
    public required string Name { get; init; }
    public required string Task { get; init; }
    /// <summary>Null where the job is of a version that did not say it.</summary>
    public long? Seed { get; init; }
    public required JobStatus State { get; init; }
    public int? Epoch { get; init; }
    public int? Epochs { get; init; }
    public double? Loss { get; init; }
    public double? Validation { get; init; }
    public double? SecondsLeft { get; init; }
    public long? Parameters { get; init; }
    public double? Compression { get; init; }
    public string? ModelSha256 { get; init; }
    public string? Reason { get; init; }
}
