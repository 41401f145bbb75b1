using System.Collections.Immutable;
using Fleet.Campaigns.Running;
using Fleet.Campaigns.Sessions;
using Fleet.Campaigns.Specifications;
using Orleans.Concurrency;

namespace Fleet.Grains.Contracts;

/// <summary>One campaign: what is wanted of it, and whatever is needed to close the difference to what there is.</summary>
[Alias("fleet.ICampaignGrain")]
public interface ICampaignGrain : IGrainWithStringKey
{
    /// <summary>Takes the specification up. Saying it again changes nothing.</summary>
    [Alias("Start")]
    Task StartAsync(CampaignSpecification specification);

    /// <summary>False where the campaign has ended already.</summary>
    [Alias("Command")]
    Task<bool> CommandAsync(CampaignCommand command);

    /// <summary>How it stands, and what happened after the event of that number; null where there is no such campaign.</summary>
    // Only reads memory, so it need not wait for a turn that talks to the store.
    [Alias("Watch"), AlwaysInterleave]
    Task<CampaignView?> WatchAsync(long after);

    /// <summary>Runs that it wants and whose names begin so, at most two: one is the one, two are too many.</summary>
    [Alias("FindRuns"), AlwaysInterleave]
    Task<ImmutableArray<RunPlace>> FindRunsAsync(string beginning);

    /// <summary>A session for the device, or why there is none.</summary>
    [Alias("Propose")]
    Task<SessionProposal> ProposeAsync(DeviceOffer offer);

    /// <summary>Where a device's session stands. Why it is not wanted any longer; null while it is.</summary>
    [Alias("Progress"), AlwaysInterleave]
    Task<string?> ProgressAsync(SessionProgress progress);

    /// <summary>
    /// Takes the device out of the campaign, whether it has taken part or not, or takes that back. Saying it again changes nothing. False
    /// where the campaign has ended already.
    /// </summary>
    [Alias("Exclude")]
    Task<bool> ExcludeAsync(string device, bool excluded);

    /// <summary>Something happened. A notice that is lost costs time, never truth: the campaign looks for itself from time to time.</summary>
    [Alias("Notice"), OneWay]
    Task NoticeAsync(CampaignNotice notice);
}
