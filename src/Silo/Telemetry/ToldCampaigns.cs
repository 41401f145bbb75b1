using Fleet.Campaigns.Ports;
using Fleet.Domain.Campaigns;

namespace Fleet.Silo.Telemetry;

/// <summary>The campaigns that metrics tell of: every active one, and the last 20 that have ended. So the label <c>campaign</c> stays bounded.</summary>
internal sealed class ToldCampaigns(IFleetIndex index)
{
    private const int Ended = 20;

    public IReadOnlyList<CampaignEntry> Entries()
    {
        var all = index.Campaigns.ToLookup(entry => entry.Summary.State.IsUnfinished());
        return [.. all[true], .. all[false].OrderByDescending(entry => entry.Summary.EndedAt).Take(Ended)];
    }
}
