using System.Collections.Immutable;
using Fleet.Domain.Recipes;

namespace Fleet.Grains.Serialisation.Former;

[GenerateSerializer, Immutable, Alias("fleet.device-state")]
internal sealed record FormerDeviceState
{
    [Id(0)] public FormerDeviceDescription? Description { get; init; }

    [Id(1)] public ulong Epoch { get; init; }

    [Id(2)] public ImmutableArray<FormerGrantedSession> Sessions { get; init; } = [];

    [Id(3)] public string? Current { get; init; }

    [Id(4)] public int RunsDone { get; init; }

    [Id(5)] public ImmutableDictionary<string, int> Fruitless { get; init; } = ImmutableDictionary<string, int>.Empty;
}

[GenerateSerializer, Immutable, Alias("fleet.device-description")]
internal sealed record FormerDeviceDescription
{
    [Id(0)] public string Device { get; init; } = "";

    [Id(1)] public string Name { get; init; } = "";

    [Id(2)] public string AgentVersion { get; init; } = "";

    [Id(3)] public string Board { get; init; } = "";

    [Id(4)] public string Arch { get; init; } = "";

    [Id(5)] public string Isa { get; init; } = "";

    [Id(6)] public int Cores { get; init; }

    [Id(7)] public long MemoryBytes { get; init; }

    [Id(8)] public string Os { get; init; } = "";

    [Id(9)] public string Kernel { get; init; } = "";

    [Id(10)] public string Runtime { get; init; } = "";

    [Id(11)] public bool Emulated { get; init; }

    [Id(12)] public string Machine { get; init; } = "";

    [Id(13)] public ImmutableSortedDictionary<string, string> GivenTags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

[GenerateSerializer, Immutable, Alias("fleet.granted-session")]
internal sealed record FormerGrantedSession
{
    [Id(0)] public string Session { get; init; } = "";

    [Id(1)] public ulong Epoch { get; init; }

    [Id(2)] public DateTimeOffset GrantedAt { get; init; }

    [Id(3)] public FormerSessionOffer Offer { get; init; } = null!;

    [Id(4)] public ImmutableHashSet<string> Answered { get; init; } = [];

    [Id(5)] public FormerDeviceDescription? Device { get; init; }
}

[GenerateSerializer, Immutable, Alias("fleet.session-offer")]
internal sealed record FormerSessionOffer
{
    [Id(0)] public string Campaign { get; init; } = "";

    [Id(1)] public string Task { get; init; } = "";

    [Id(2)] public string TestSha256 { get; init; } = "";

    [Id(3)] public int Replicate { get; init; }

    [Id(4)] public FormerMeasuringSpecification Measuring { get; init; } = null!;

    [Id(5)] public string Reference { get; init; } = "";

    [Id(6)] public ImmutableArray<FormerSessionVariant> Variants { get; init; } = [];
}

[GenerateSerializer, Immutable, Alias("fleet.session-variant")]
internal sealed record FormerSessionVariant
{
    [Id(0)] public FormerVariantSpecification Variant { get; init; } = null!;

    [Id(1)] public TrainedModel Model { get; init; } = null!;

    [Id(2)] public bool ReferenceOnly { get; init; }

    [Id(3)] public ImmutableArray<FormerSessionRun> Runs { get; init; } = [];
}

[GenerateSerializer, Immutable, Alias("fleet.session-run")]
internal sealed record FormerSessionRun
{
    [Id(0)] public string Run { get; init; } = "";

    [Id(1)] public FormerCondition Condition { get; init; } = null!;
}
