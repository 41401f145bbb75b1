using Fleet.Grains.Campaigns;
using Fleet.Grains.Devices;
using Fleet.Grains.Ports;

namespace Fleet.Grains.Scheduling;

/// <summary>Which campaigns a free device is offered to, in which order: priority, then age.</summary>
internal static class CampaignOrder
{
    public static IEnumerable<string> For(DeviceDescription device, IEnumerable<CampaignEntry> campaigns) =>
        from entry in campaigns
        where entry.Summary.State == CampaignStates.Running && device.Matches(entry.Devices)
        orderby entry.Priority descending, entry.Summary.CreatedAt, entry.Summary.Campaign
        select entry.Summary.Campaign;
}
