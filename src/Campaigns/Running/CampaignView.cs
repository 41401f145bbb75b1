using System.Collections.Immutable;
using Fleet.Domain.Measuring;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;

namespace Fleet.Campaigns.Running;

/// <param name="LastSequence">Number of the latest event; 0 where there is none.</param>
public sealed record CampaignView(
    CampaignSpecification Specification,
    CampaignDetail Detail,
    long LastSequence,
    ImmutableArray<CampaignOccurrence> Events)
{
    public bool Running => Detail.Summary.State == CampaignStatus.Running;
}

/// <summary>An event without the detail that is sent beside it.</summary>
public sealed record CampaignOccurrence(long Sequence, DateTimeOffset At, CampaignEventKind Kind, string Message);

/// <summary>What a run is of.</summary>
/// <param name="Variant">Its key.</param>
public sealed record RunPlace(string Run, string Campaign, string Variant, string Device, Condition Condition);
