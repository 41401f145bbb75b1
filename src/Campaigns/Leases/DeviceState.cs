using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Fleet.Campaigns.Sessions;
using Fleet.Domain.Devices;

namespace Fleet.Campaigns.Leases;

/// <summary>What a device's grain keeps.</summary>
public sealed record DeviceState
{
    public DeviceDescription? Description { get; init; }

    /// <summary>The last epoch that was granted. Only grows.</summary>
    public ulong Epoch { get; init; }

    /// <summary>Sessions granted whose runs are not all answered, oldest first.</summary>
    public ImmutableArray<GrantedSession> Sessions { get; init; } = [];

    /// <summary>The session that the device holds now.</summary>
    public string? Current { get; init; }

    public int RunsDone { get; init; }

    /// <summary>Sessions in a row, by campaign, that ended without one result.</summary>
    [JsonPropertyName("fruitless")]
    public ImmutableDictionary<string, int> ConsecutiveFailures { get; init; } = ImmutableDictionary<string, int>.Empty;

    public GrantedSession? Held => Sessions.FirstOrDefault(session => session.Session == Current);
}

/// <summary>A session as it was granted.</summary>
public sealed record GrantedSession
{
    public required string Session { get; init; }

    public required ulong Epoch { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }

    public required SessionOffer Offer { get; init; }

    /// <summary>Runs that have a final answer.</summary>
    public ImmutableHashSet<string> Answered { get; init; } = [];

    /// <summary>The device as it was then. What it measured is told of this one, whatever it is by the time of delivery.</summary>
    public DeviceDescription? Device { get; init; }

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
