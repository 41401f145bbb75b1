namespace Fleet.Domain.Campaigns;

/// <summary>As <see cref="CampaignSummary.State"/> spells them.</summary>
public static class CampaignStates
{
    public const string Running = "running";
    public const string Paused = "paused";
    public const string Completed = "completed";
    public const string Cancelled = "cancelled";
    public const string Failed = "failed";
}
