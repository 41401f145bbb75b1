using Fleet.Campaigns.Ports;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;

namespace Fleet.Campaigns.Sessions;

/// <summary>Which campaigns a free device is offered to, in which order: priority, then age.</summary>
public static class CampaignOrder
{
    public static IEnumerable<string> For(DeviceDescription device, IEnumerable<CampaignEntry> campaigns) =>
        from entry in campaigns
        where entry.Summary.State == CampaignStatus.Running && device.Matches(entry.Devices)
        orderby entry.Priority descending, entry.Summary.CreatedAt, entry.Summary.Campaign
        select entry.Summary.Campaign;
}
