using Fleet.Campaigns.Jobs;
using Fleet.Domain.Devices;
using Fleet.Domain.Measuring;

namespace Fleet.Campaigns.Running;

public enum CampaignCommand
{
    Pause,
    Resume,
    Cancel,
}

/// <summary>What is set has happened; none set is only a poke.</summary>
public sealed record CampaignNotice
{
    public JobView? Job { get; init; }

    public RunClosed? Run { get; init; }

    public SessionChange? Session { get; init; }
}

/// <param name="Validity">Of the row that closed it.</param>
public sealed record RunClosed(string Run, Validity Validity, string Message);

/// <param name="Took">How long it took, once it has ended, however.</param>
/// <param name="Answered">Runs that it closed.</param>
public sealed record SessionChange(string Device, string Message, TimeSpan? Took, int Answered);

public sealed record SessionProgress
{
    public required string Device { get; init; }

    public required DeviceStatus State { get; init; }

    public required string Activity { get; init; }

    public required double Progress { get; init; }
}
