using System.Collections.Immutable;
using Fleet.Domain.Measuring;
using Fleet.Domain.Devices;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Sessions;

/// <summary>A device that is free and asks for work.</summary>
/// <param name="OnTrainingMachine">Training and measuring would disturb each other there.</param>
public sealed record DeviceOffer(DeviceDescription Description, bool OnTrainingMachine)
{
    /// <summary>Runs that it has measured and not delivered yet: they are open, and still not to be measured again.</summary>
    public ImmutableHashSet<string> Undelivered { get; init; } = [];
}

/// <summary>The answer to an offer: a session, or why there is none.</summary>
public sealed record SessionProposal(SessionOffer? Session, string? Reason)
{
    public static SessionProposal None(string reason) => new(null, reason);
}

/// <summary>A session that a device may hold: what it measures, and all that its results' rows need to be written without asking again.</summary>
public sealed record SessionOffer
{
    public required string Campaign { get; init; }

    public required string Task { get; init; }

    public required string TestSha256 { get; init; }

    public required int Replicate { get; init; }

    public required MeasuringSpecification Measuring { get; init; }

    /// <summary>Key of one of the variants.</summary>
    public required string Reference { get; init; }

    public required ImmutableArray<SessionVariant> Variants { get; init; }
}

public sealed record SessionVariant
{
    public required VariantSpecification Variant { get; init; }

    public required TrainedModel Model { get; init; }

    /// <summary>Its runs are closed already: it is there for the others' ratios.</summary>
    public required bool ReferenceOnly { get; init; }

    public required ImmutableArray<SessionRun> Runs { get; init; }
}

public sealed record SessionRun(string Run, Condition Condition);
