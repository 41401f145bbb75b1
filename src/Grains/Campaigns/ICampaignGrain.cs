using System.Collections.Immutable;
using Fleet.Campaigns;
using Fleet.Domain.Campaigns;
using Fleet.Grains.Compression;
using Fleet.Grains.Scheduling;
using Orleans.Concurrency;

namespace Fleet.Grains.Campaigns;

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

[GenerateSerializer, Alias("fleet.campaign-command")]
public enum CampaignCommand
{
    Pause,
    Resume,
    Cancel,
}

/// <param name="LastSequence">Number of the latest event; 0 where there is none.</param>
[GenerateSerializer, Immutable, Alias("fleet.campaign-view")]
public sealed record CampaignView(
    [property: Id(0)] CampaignSpecification Specification,
    [property: Id(1)] CampaignDetail Detail,
    [property: Id(2)] long LastSequence,
    [property: Id(3)] ImmutableArray<CampaignOccurrence> Events)
{
    public bool Running => Detail.Summary.State == CampaignStates.Running;
}

/// <summary>What a run is of.</summary>
/// <param name="Variant">Its key.</param>
[GenerateSerializer, Immutable, Alias("fleet.run-place")]
public sealed record RunPlace([property: Id(0)] string Run, [property: Id(1)] string Campaign, [property: Id(2)] string Variant, [property: Id(3)] string Device, [property: Id(4)] Condition Condition);

/// <summary>An event without the detail that is sent beside it.</summary>
[GenerateSerializer, Immutable, Alias("fleet.campaign-occurrence")]
public sealed record CampaignOccurrence([property: Id(0)] long Sequence, [property: Id(1)] DateTimeOffset At, [property: Id(2)] string Kind, [property: Id(3)] string Message);

[GenerateSerializer, Immutable, Alias("fleet.session-progress")]
public sealed record SessionProgress
{
    [Id(0)] public required string Device { get; init; }

    [Id(1)] public required string State { get; init; }

    [Id(2)] public required string Activity { get; init; }

    [Id(3)] public required double Progress { get; init; }
}

/// <summary>What is set has happened; none set is only a poke.</summary>
[GenerateSerializer, Immutable, Alias("fleet.campaign-notice")]
public sealed record CampaignNotice
{
    [Id(0)] public JobStatus? Job { get; init; }

    [Id(1)] public RunClosed? Run { get; init; }

    [Id(2)] public SessionChange? Session { get; init; }
}

/// <param name="Validity">Of the row that closed it.</param>
[GenerateSerializer, Immutable, Alias("fleet.run-closed")]
public sealed record RunClosed([property: Id(0)] string Run, [property: Id(1)] string Validity, [property: Id(2)] string Message);

/// <param name="Took">How long it took, once it has ended, however.</param>
/// <param name="Answered">Runs that it closed.</param>
[GenerateSerializer, Immutable, Alias("fleet.session-change")]
public sealed record SessionChange([property: Id(0)] string Device, [property: Id(1)] string Message, [property: Id(2)] TimeSpan? Took, [property: Id(3)] int Answered);

/// <summary>As <see cref="CampaignSummary.State"/> spells them.</summary>
public static class CampaignStates
{
    public const string Running = "running";
    public const string Paused = "paused";
    public const string Completed = "completed";
    public const string Cancelled = "cancelled";
    public const string Failed = "failed";
}
