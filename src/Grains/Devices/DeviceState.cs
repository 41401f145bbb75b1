using System.Collections.Immutable;
using Fleet.Grains.Scheduling;

namespace Fleet.Grains.Devices;

/// <summary>What a device's grain keeps.</summary>
[GenerateSerializer, Immutable, Alias("fleet.device-state")]
public sealed record DeviceState
{
    [Id(0)] public DeviceDescription? Description { get; init; }

    /// <summary>The last epoch that was granted. Only grows.</summary>
    [Id(1)] public ulong Epoch { get; init; }

    /// <summary>Sessions granted whose runs are not all answered, oldest first.</summary>
    [Id(2)] public ImmutableArray<GrantedSession> Sessions { get; init; } = [];

    /// <summary>The session that the device holds now.</summary>
    [Id(3)] public string? Current { get; init; }

    [Id(4)] public int RunsDone { get; init; }

    /// <summary>Sessions in a row, by campaign, that ended without one result.</summary>
    [Id(5)] public ImmutableDictionary<string, int> Fruitless { get; init; } = ImmutableDictionary<string, int>.Empty;

    public GrantedSession? Held => Sessions.FirstOrDefault(session => session.Session == Current);
}

/// <summary>A session as it was granted.</summary>
[GenerateSerializer, Immutable, Alias("fleet.granted-session")]
public sealed record GrantedSession
{
    [Id(0)] public required string Session { get; init; }

    [Id(1)] public required ulong Epoch { get; init; }

    [Id(2)] public required DateTimeOffset GrantedAt { get; init; }

    [Id(3)] public required SessionOffer Offer { get; init; }

    /// <summary>Runs that have a final answer.</summary>
    [Id(4)] public ImmutableHashSet<string> Answered { get; init; } = [];

    /// <summary>The device as it was then. What it measured is told of this one, whatever it is by the time of delivery.</summary>
    [Id(5)] public DeviceDescription? Device { get; init; }

    /// <summary>A run that it was to close has an answer; those of a reference that is only there to compare with do not count.</summary>
    public bool Fruitful => Answered.Any(run => Find(run) is ({ ReferenceOnly: false }, _));

    /// <summary>The run and its variant, where this session was to measure it.</summary>
    public (SessionVariant Variant, SessionRun Run)? Find(string run)
    {
        foreach (var variant in Offer.Variants)
        {
            if (variant.Runs.FirstOrDefault(candidate => candidate.Run == run) is { } found)
            {
                return (variant, found);
            }
        }

        return null;
    }

    /// <summary>Runs that this session was to close and that have no answer.</summary>
    public IEnumerable<(SessionVariant Variant, SessionRun Run)> Unanswered() =>
        from variant in Offer.Variants
        where !variant.ReferenceOnly
        from run in variant.Runs
        where !Answered.Contains(run.Run)
        select (variant, run);
}
