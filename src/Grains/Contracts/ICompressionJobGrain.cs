using System.Collections.Immutable;
using Fleet.Campaigns.Jobs;

namespace Fleet.Grains.Contracts;

/// <summary>Makes one variant, once for the whole fleet. Its key is the variant's.</summary>
[Alias("fleet.ICompressionJobGrain")]
public interface ICompressionJobGrain : IGrainWithStringKey
{
    /// <summary>The campaign wants this variant: starts or joins its training unless it is settled. May be said any number of times.</summary>
    [Alias("Ensure")]
    Task<JobView> EnsureAsync(JobDemand demand);

    /// <summary>The campaign wants it no longer; training that nobody wants stops, and its checkpoint stays. Null where there is no such job.</summary>
    [Alias("Release")]
    Task<JobView?> ReleaseAsync(string campaign);

    /// <summary>
    /// The silo has started: lets go of campaigns that do not run, which may not have come to say so, and writes its line in the index anew.
    /// </summary>
    /// <param name="running">Campaigns that run.</param>
    [Alias("Revisit")]
    Task RevisitAsync(ImmutableArray<string> running);

    [Alias("Status")]
    Task<JobView?> StatusAsync();

    /// <summary>The training that this grain began has ended. For the grain itself.</summary>
    [Alias("Settle")]
    Task SettleAsync(JobSettlement settlement);
}
