using System.Collections.Immutable;

namespace Fleet.Domain.Recipes;

/// <summary>What is known of a model once it is trained.</summary>
public sealed record TrainedModel
{
    public required string Sha256 { get; init; }
    public required long Bytes { get; init; }
    public required double Compression { get; init; }
    public required double CompressionModel { get; init; }
    public required long Parameters { get; init; }
    public required long MacsPerStep { get; init; }
    public required double Validation { get; init; }
    /// <summary>The method's parameters as they came out: <c>r</c>, <c>k</c>, <c>d</c>, <c>sparsity</c>.</summary>
    public required ImmutableSortedDictionary<string, string> MethodParameters { get; init; }
    public required double TrainingSeconds { get; init; }
}
