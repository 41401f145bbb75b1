using System.Collections.Immutable;
using Fleet.Domain.Recipes;

namespace Fleet.Grains.Serialisation.Former;

[GenerateSerializer, Immutable, Alias("fleet.job-state")]
internal sealed record FormerJobState
{
    [Id(0)] public FormerCompressionRequest? Request { get; init; }

    [Id(1)] public TrainedModel? Model { get; init; }

    [Id(2)] public string? Failure { get; init; }

    [Id(3)] public ImmutableArray<string> Demands { get; init; } = [];

    [Id(4)] public ImmutableArray<string> ToldOfFailure { get; init; } = [];

    [Id(5)] public DateTimeOffset DemandedAt { get; init; }
}

[GenerateSerializer, Immutable, Alias("fleet.compression-request")]
internal sealed record FormerCompressionRequest
{
    [Id(0)] public string Variant { get; init; } = "";

    [Id(1)] public string VariantName { get; init; } = "";

    [Id(2)] public string Task { get; init; } = "";

    [Id(3)] public Recipe Recipe { get; init; } = null!;

    [Id(4)] public long Seed { get; init; }

    [Id(5)] public string TrainingDataSha256 { get; init; } = "";

    [Id(6)] public string? DenseModelSha256 { get; init; }
}
