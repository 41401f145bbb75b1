using System.Collections.Immutable;
using Fleet.Domain.Measuring;
using Fleet.Domain.Recipes;
using Fleet.Domain.Tasks;

namespace Fleet.Campaigns.Specifications;

/// <summary>All that decides what a campaign does: its file, checked, with its data bound by hash. Never changes once it has started.</summary>
public sealed record CampaignSpecification
{
    public required string Name { get; init; }

    public required TaskData Data { get; init; }

    /// <summary>One for each recipe and seed.</summary>
    public required ImmutableArray<VariantSpecification> Variants { get; init; }

    /// <summary>Short name of the variant that all others are compared with.</summary>
    public required string Reference { get; init; }

    /// <summary><c>key=value</c> tags that a device must all have; empty means every device.</summary>
    public required ImmutableArray<string> Devices { get; init; }

    public required ImmutableArray<Condition> Conditions { get; init; }

    public required int Replicates { get; init; }

    public required MeasuringSpecification Measuring { get; init; }

    /// <summary>Higher goes first.</summary>
    public required int Priority { get; init; }

    /// <summary>SHA-256 of the content: equal for two files that ask for the same, however they are written.</summary>
    public required string Digest { get; init; }

    /// <summary>Name of the suite that it is a benchmark of; null where it stands alone.</summary>
    public string? Suite { get; init; }

    /// <summary>How long a silent device is waited for.</summary>
    public TimeSpan Patience { get; init; } = DefaultPatience;

    public static TimeSpan DefaultPatience { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How many runs each of its devices measures.</summary>
    public int RunsPerDevice => Variants.Length * Conditions.Length * Replicates;

    /// <summary>
    /// Whose published claims its report judges: none | hmd. Null in campaigns of before there was this key. It decides nothing that is
    /// trained or measured, and so is no part of <see cref="Digest"/>.
    /// </summary>
    public string? Claims { get; init; }

    /// <summary>Its report judges the published claims. Before a file could ask for them, suites were what was made for them.</summary>
    public bool JudgesClaims => Claims is null ? Suite is not null : Claims == HmdClaims;

    /// <summary>What was published of HMD, as <see cref="Claims"/> spells it.</summary>
    public const string HmdClaims = "hmd";
}

/// <summary>Task x recipe x seed.</summary>
public sealed record VariantSpecification
{
    /// <summary>Hash of all that decides the weights.</summary>
    public required string Key { get; init; }

    /// <summary>For people and labels; the same for all seeds.</summary>
    public required string Name { get; init; }

    public required Recipe Recipe { get; init; }

    public required long Seed { get; init; }

    /// <summary>
    /// Key of the campaign's variant that this one learns from, which has to be trained before: the dense one, or of an int8 variant
    /// its like in fp32. Null where it learns from none.
    /// </summary>
    public string? Dense { get; init; }
}

/// <summary>The measuring protocol's settings; null means the protocol's own default.</summary>
public sealed record MeasuringSpecification
{
    /// <summary>Rounds end when each ratio's 95 % interval is within this.</summary>
    public double RatioWidth { get; init; } = 0.01;

    public int MinRounds { get; init; } = 8;

    public int MaxRounds { get; init; } = 40;

    /// <summary>Of one condition.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan Block { get; init; } = TimeSpan.FromMilliseconds(50);

    public double? GateCelsius { get; init; }

    public TimeSpan? GateLimit { get; init; }

    public int? InvalidRetries { get; init; }
}
