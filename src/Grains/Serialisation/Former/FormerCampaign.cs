using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Recipes;
using Fleet.Domain.Tasks;

namespace Fleet.Grains.Serialisation.Former;

[GenerateSerializer, Immutable, Alias("fleet.campaign-state")]
internal sealed record FormerCampaignState
{
    [Id(0)] public FormerCampaignSpecification? Specification { get; init; }

    [Id(1)] public string Status { get; init; } = "";

    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    [Id(3)] public DateTimeOffset? EndedAt { get; init; }

    [Id(4)] public ImmutableArray<FormerDeviceDescription> Devices { get; init; } = [];

    [Id(5)] public string? Reason { get; init; }

    [Id(6)] public ImmutableArray<FormerDeparture> Departures { get; init; } = [];
}

[GenerateSerializer, Immutable, Alias("fleet.departure")]
internal sealed record FormerDeparture
{
    [Id(0)] public string Device { get; init; } = "";

    [Id(1)] public string Code { get; init; } = "";

    [Id(2)] public DateTimeOffset Since { get; init; }
}

[GenerateSerializer, Immutable, Alias("fleet.campaign-specification")]
internal sealed record FormerCampaignSpecification
{
    [Id(0)] public string Name { get; init; } = "";

    [Id(1)] public TaskData Data { get; init; } = null!;

    [Id(2)] public ImmutableArray<FormerVariantSpecification> Variants { get; init; } = [];

    [Id(3)] public string Reference { get; init; } = "";

    [Id(4)] public ImmutableArray<string> Devices { get; init; } = [];

    [Id(5)] public ImmutableArray<FormerCondition> Conditions { get; init; } = [];

    [Id(6)] public int Replicates { get; init; }

    [Id(7)] public FormerMeasuringSpecification Measuring { get; init; } = null!;

    [Id(8)] public int Priority { get; init; }

    [Id(9)] public string Digest { get; init; } = "";

    [Id(10)] public string? Suite { get; init; }

    [Id(11)] public string? Claims { get; init; }

    [Id(12)] public TimeSpan Patience { get; init; } = CampaignSpecification.DefaultPatience;
}

[GenerateSerializer, Immutable, Alias("fleet.variant-specification")]
internal sealed record FormerVariantSpecification
{
    [Id(0)] public string Key { get; init; } = "";

    [Id(1)] public string Name { get; init; } = "";

    [Id(2)] public Recipe Recipe { get; init; } = null!;

    [Id(3)] public long Seed { get; init; }

    [Id(4)] public string? Dense { get; init; }
}

[GenerateSerializer, Immutable, Alias("fleet.condition")]
internal sealed record FormerCondition
{
    [Id(0)] public string Mode { get; init; } = "";

    [Id(1)] public string Phase { get; init; } = "";

    [Id(2)] public string Clock { get; init; } = "";
}

[GenerateSerializer, Immutable, Alias("fleet.measuring-specification")]
internal sealed record FormerMeasuringSpecification
{
    [Id(0)] public double RatioWidth { get; init; }

    [Id(1)] public int MinRounds { get; init; }

    [Id(2)] public int MaxRounds { get; init; }

    [Id(3)] public TimeSpan TimeLimit { get; init; }

    [Id(4)] public TimeSpan Block { get; init; }

    [Id(5)] [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? GateCelsius { get; init; }

    [Id(6)] [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public TimeSpan? GateLimit { get; init; }

    [Id(7)] [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? InvalidRetries { get; init; }
}
