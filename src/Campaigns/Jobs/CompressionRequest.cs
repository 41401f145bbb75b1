using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Jobs;

public sealed record CompressionRequest
{
    public required string Variant { get; init; }

    public required string VariantName { get; init; }

    public required string Task { get; init; }

    public required Recipe Recipe { get; init; }

    public required long Seed { get; init; }

    public required string TrainingDataSha256 { get; init; }

    /// <summary>
    /// The trained model that the recipe refers to, the dense one or the one in fp32, or the one that it imports, in the store; null where
    /// there is none.
    /// </summary>
    public string? DenseModelSha256 { get; init; }
}
