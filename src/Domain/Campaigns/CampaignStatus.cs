using System.Text.Json.Serialization;
using Fleet.Domain.Text;

namespace Fleet.Domain.Campaigns;

[JsonConverter(typeof(WordConverter<CampaignStatus>))]
public enum CampaignStatus
{
    Running,
    Paused,
    Completed,
    Cancelled,

    /// <summary>It ended without the runs that it was for, and its reason says why.</summary>
    Failed,
}

public static class CampaignStatusExtensions
{
    /// <summary>It runs, or would again if it were resumed.</summary>
    public static bool IsUnfinished(this CampaignStatus status) => status is CampaignStatus.Running or CampaignStatus.Paused;
}
