using System.Collections.Immutable;
using Fleet.Domain.Jobs;
using Fleet.Domain.Recipes;
using Fleet.Grains.Ports;

namespace Fleet.Grains.Compression;

/// <summary>Makes one variant, once for the whole fleet. Its key is the variant's.</summary>
[Alias("fleet.ICompressionJobGrain")]
public interface ICompressionJobGrain : IGrainWithStringKey
{
    /// <summary>The campaign wants this variant: starts or joins its training unless it is settled. May be said any number of times.</summary>
    [Alias("Ensure")]
    Task<JobStatus> EnsureAsync(JobDemand demand);

    /// <summary>The campaign wants it no longer; training that nobody wants stops, and its checkpoint stays. Null where there is no such job.</summary>
    [Alias("Release")]
    Task<JobStatus?> ReleaseAsync(string campaign);

    /// <summary>
    /// The silo has started: lets go of campaigns that do not run, which may not have come to say so, and writes its line in the index anew.
    /// </summary>
    /// <param name="running">Campaigns that run.</param>
    [Alias("Revisit")]
    Task RevisitAsync(ImmutableArray<string> running);

    [Alias("Status")]
    Task<JobStatus?> StatusAsync();

    /// <summary>The training that this grain began has ended. For the grain itself.</summary>
    [Alias("Settle")]
    Task SettleAsync(JobSettlement settlement);
}

/// <param name="Retry">A failure is tried again although this campaign has been told of it.</param>
[GenerateSerializer, Immutable, Alias("fleet.job-demand")]
public sealed record JobDemand([property: Id(0)] string Campaign, [property: Id(1)] CompressionRequest Request, [property: Id(2)] bool Retry);

/// <param name="Model">Set when the variant is ready.</param>
[GenerateSerializer, Immutable, Alias("fleet.job-status")]
public sealed record JobStatus([property: Id(0)] JobSummary Summary, [property: Id(1)] TrainedModel? Model)
{
    public bool Ready => Summary.State == JobStates.Ready;

    public bool Failed => Summary.State == JobStates.Failed;

    /// <summary>It will not change by itself.</summary>
    public bool Settled => Ready || Failed;
}

/// <summary>Exactly one is set, or neither where the training was stopped.</summary>
[GenerateSerializer, Immutable, Alias("fleet.job-settlement")]
public sealed record JobSettlement([property: Id(0)] TrainedModel? Model, [property: Id(1)] string? Failure);

/// <summary>As <see cref="JobSummary.State"/> spells them.</summary>
public static class JobStates
{
    public const string Queued = "queued";
    public const string Waiting = "waiting";
    public const string Training = "training";
    public const string Ready = "ready";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
}
