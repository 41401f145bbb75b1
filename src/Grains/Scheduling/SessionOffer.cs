using System.Collections.Immutable;
using Fleet.Campaigns;
using Fleet.Domain.Recipes;

namespace Fleet.Grains.Scheduling;

/// <summary>A device that is free and asks for work.</summary>
/// <param name="OnTrainingMachine">Training and measuring would disturb each other there.</param>
[GenerateSerializer, Immutable, Alias("fleet.device-offer")]
public sealed record DeviceOffer([property: Id(0)] Devices.DeviceDescription Description, [property: Id(1)] bool OnTrainingMachine)
{
    /// <summary>Runs that it has measured and not delivered yet: they are open, and still not to be measured again.</summary>
    [Id(2)] public ImmutableHashSet<string> Undelivered { get; init; } = [];
}

/// <summary>The answer to an offer: a session, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("fleet.session-proposal")]
public sealed record SessionProposal([property: Id(0)] SessionOffer? Session, [property: Id(1)] string? Reason)
{
    public static SessionProposal None(string reason) => new(null, reason);
}

/// <summary>A session that a device may hold: what it measures, and all that its results' rows need to be written without asking again.</summary>
[GenerateSerializer, Immutable, Alias("fleet.session-offer")]
public sealed record SessionOffer
{
    [Id(0)] public required string Campaign { get; init; }

    [Id(1)] public required string Task { get; init; }

    [Id(2)] public required string TestSha256 { get; init; }

    [Id(3)] public required int Replicate { get; init; }

    [Id(4)] public required MeasuringSpecification Measuring { get; init; }

    /// <summary>Key of one of the variants.</summary>
    [Id(5)] public required string Reference { get; init; }

    [Id(6)] public required ImmutableArray<SessionVariant> Variants { get; init; }
}

[GenerateSerializer, Immutable, Alias("fleet.session-variant")]
public sealed record SessionVariant
{
    [Id(0)] public required VariantSpecification Variant { get; init; }

    [Id(1)] public required TrainedModel Model { get; init; }

    /// <summary>Its runs are closed already: it is there for the others' ratios.</summary>
    [Id(2)] public required bool ReferenceOnly { get; init; }

    [Id(3)] public required ImmutableArray<SessionRun> Runs { get; init; }
}

[GenerateSerializer, Immutable, Alias("fleet.session-run")]
public sealed record SessionRun([property: Id(0)] string Run, [property: Id(1)] Condition Condition);
