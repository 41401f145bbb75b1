using System.Collections.Immutable;
using Fleet.Domain.Recipes;
using Fleet.Domain.Tasks;
using Orleans;

namespace Fleet.Campaigns;

/// <summary>All that decides what a campaign does: its file, checked, with its data bound by hash. Never changes once it has started.</summary>
[GenerateSerializer, Immutable, Alias("fleet.campaign-specification")]
public sealed record CampaignSpecification
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required TaskData Data { get; init; }

    /// <summary>One for each recipe and seed.</summary>
    [Id(2)] public required ImmutableArray<VariantSpecification> Variants { get; init; }

    /// <summary>Short name of the variant that all others are compared with.</summary>
    [Id(3)] public required string Reference { get; init; }

    /// <summary><c>key=value</c> tags that a device must all have; empty means every device.</summary>
    [Id(4)] public required ImmutableArray<string> Devices { get; init; }

    [Id(5)] public required ImmutableArray<Condition> Conditions { get; init; }

    [Id(6)] public required int Replicates { get; init; }

    [Id(7)] public required MeasuringSpecification Measuring { get; init; }

    /// <summary>Higher goes first.</summary>
    [Id(8)] public required int Priority { get; init; }

    /// <summary>SHA-256 of the content: equal for two files that ask for the same, however they are written.</summary>
    [Id(9)] public required string Digest { get; init; }

    /// <summary>Name of the suite that it is a benchmark of; null where it stands alone.</summary>
    [Id(10)] public string? Suite { get; init; }

    /// <summary>How long a silent device is waited for.</summary>
    [Id(12)] public TimeSpan Patience { get; init; } = DefaultPatience;

    public static TimeSpan DefaultPatience { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How many runs each of its devices measures.</summary>
    public int RunsPerDevice => Variants.Length * Conditions.Length * Replicates;

    /// <summary>
    /// Whose published claims its report judges: none | hmd. Null in campaigns of before there was this key. It decides nothing that is
    /// trained or measured, and so is no part of <see cref="Digest"/>.
    /// </summary>
    [Id(11)] public string? Claims { get; init; }

    /// <summary>Its report judges the published claims. Before a file could ask for them, suites were what was made for them.</summary>
    public bool JudgesClaims => Claims is null ? Suite is not null : Claims == HmdClaims;

    /// <summary>What was published of HMD, as <see cref="Claims"/> spells it.</summary>
    public const string HmdClaims = "hmd";
}

/// <summary>Task x recipe x seed.</summary>
[GenerateSerializer, Immutable, Alias("fleet.variant-specification")]
public sealed record VariantSpecification
{
    /// <summary>Hash of all that decides the weights.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>For people and labels; the same for all seeds.</summary>
    [Id(1)] public required string Name { get; init; }

    [Id(2)] public required Recipe Recipe { get; init; }

    [Id(3)] public required long Seed { get; init; }

    /// <summary>
    /// Key of the campaign's variant that this one learns from, which has to be trained before: the dense one, or of an int8 variant
    /// its like in fp32. Null where it learns from none.
    /// </summary>
    [Id(4)] public string? Dense { get; init; }
}

/// <summary>How a variant is run.</summary>
/// <param name="Mode">window | streaming</param>
/// <param name="Phase">burst</param>
/// <param name="Clock">as-is | performance</param>
[GenerateSerializer, Immutable, Alias("fleet.condition")]
public sealed record Condition([property: Id(0)] string Mode, [property: Id(1)] string Phase, [property: Id(2)] string Clock);

/// <summary>The measuring protocol's settings; null means the protocol's own default.</summary>
[GenerateSerializer, Immutable, Alias("fleet.measuring-specification")]
public sealed record MeasuringSpecification
{
    /// <summary>Rounds end when each ratio's 95 % interval is within this.</summary>
    [Id(0)] public double RatioWidth { get; init; } = 0.01;

    [Id(1)] public int MinRounds { get; init; } = 8;

    [Id(2)] public int MaxRounds { get; init; } = 40;

    /// <summary>Of one condition.</summary>
    [Id(3)] public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(20);

    [Id(4)] public TimeSpan Block { get; init; } = TimeSpan.FromMilliseconds(50);

    [Id(5)] public double? GateCelsius { get; init; }

    [Id(6)] public TimeSpan? GateLimit { get; init; }

    [Id(7)] public int? InvalidRetries { get; init; }
}
