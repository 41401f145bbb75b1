using System.Collections.Immutable;
using Fleet.Domain.Recipes;

namespace Fleet.Campaigns.Jobs;

/// <summary>What a job keeps. The decisions are here; the grain carries them out.</summary>
public sealed record JobState
{
    public CompressionRequest? Request { get; init; }

    public TrainedModel? Model { get; init; }

    /// <summary>Why it failed, until it is tried again.</summary>
    public string? Failure { get; init; }

    /// <summary>Campaigns that want the variant.</summary>
    public ImmutableArray<string> Demands { get; init; } = [];

    /// <summary>Campaigns that have been told of the failure: only others, or an explicit wish, try again.</summary>
    public ImmutableArray<string> ToldOfFailure { get; init; } = [];

    /// <summary>When somebody first wanted it.</summary>
    public DateTimeOffset DemandedAt { get; init; }

    public bool Open => Request is not null && Model is null && Failure is null;

    /// <summary>Training is to go on: somebody wants it, and it is neither there nor given up.</summary>
    public bool Wanted => Open && Demands.Length > 0;

    public JobState Demand(JobDemand demand, DateTimeOffset now)
    {
        var state = this with
        {
            // The same variant always; but its dense model may have been trained anew since it was first asked for.
            Request = Request is { } known ? known with { DenseModelSha256 = demand.Request.DenseModelSha256 } : demand.Request,
            DemandedAt = Request is null ? now : DemandedAt,
            Demands = Demands.Contains(demand.Campaign) ? Demands : Demands.Add(demand.Campaign),
        };
        if (Failure is null)
        {
            return state;
        }

        return demand.Retry || !ToldOfFailure.Contains(demand.Campaign) ? state with { Failure = null, ToldOfFailure = [] } : state;
    }

    public JobState Release(string campaign) => this with { Demands = Demands.Remove(campaign) };

    /// <summary>Of those that want it, these are left.</summary>
    public JobState Keep(ImmutableArray<string> campaigns) =>
        Demands.All(campaigns.Contains) ? this : this with { Demands = [.. Demands.Where(campaigns.Contains)] };

    public JobState Settle(JobSettlement settlement) => settlement switch
    {
        { Model: { } model } => this with { Model = model, Failure = null, ToldOfFailure = [] },
        { Failure: { } failure } => this with { Failure = failure, ToldOfFailure = Demands },
        _ => this,
    };

    /// <summary>The artefact is gone (somebody cleared the store): it must be made again.</summary>
    public JobState Lose() => this with { Model = null };
}
