using System.Text.Json.Serialization;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;

namespace Fleet.Domain.Campaigns;

public sealed record CampaignDetail
{
    public required CampaignSummary Summary { get; init; }
    public required IReadOnlyList<JobSummary> Jobs { get; init; }
    public required IReadOnlyList<CampaignDeviceState> Devices { get; init; }
    /// <summary>What it waits for or why it failed, in plain words.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
    /// <summary>In the document of <c>fleet campaign show --json</c> alone: the API has a route of its own for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CampaignTable? Table { get; init; }
}

public sealed record CampaignDeviceState
{
    public required string Device { get; init; }
    public required string Name { get; init; }
    public required DeviceStatus State { get; init; }
    public required string Activity { get; init; }
    public required double Progress { get; init; }
    public required int RunsClosed { get; init; }
    public required int Runs { get; init; }
    /// <summary>device-silent | device-excluded | device-removed: why the campaign waits for it no longer; null while it takes part.</summary>
    public string? Left { get; init; }
    /// <summary>Of a device that left: since when it has been silent, or when it was excluded or removed.</summary>
    public DateTimeOffset? LeftSince { get; init; }
    /// <summary>Of a silent device with runs to do: until when the campaign waits for it.</summary>
    public DateTimeOffset? WaitedForUntil { get; init; }
}
