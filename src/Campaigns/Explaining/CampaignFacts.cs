using Fleet.Campaigns.Running;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Measuring;
using Fleet.Domain.Results;

namespace Fleet.Campaigns.Explaining;

/// <summary>What an explanation of a campaign is made of.</summary>
/// <param name="Devices">Every device that ever enrolled.</param>
/// <param name="Queue">Every job of the fleet that is not settled, in the order in which they were asked for.</param>
/// <param name="Rows">The campaign's results.</param>
public sealed record CampaignFacts(
    CampaignView View, IReadOnlyList<DeviceSummary> Devices, IReadOnlyList<JobSummary> Queue, IReadOnlyList<ResultRow> Rows, DateTimeOffset Now)
{
    /// <summary>Those that hold no measurement.</summary>
    public IReadOnlyList<ResultRow> Failed { get; } = [.. Rows.Where(row => row.Validity == Validity.Failed)];

    public CampaignSummary Summary => View.Detail.Summary;

    public string Campaign => Summary.Campaign;
}
