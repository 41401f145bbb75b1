using Fleet.Domain.Campaigns;

namespace Fleet.Protocol.Api;

public sealed record CampaignCreated
{
    public required string Campaign { get; init; }
    /// <summary>An unfinished campaign of the same content was taken up again.</summary>
    public required bool Resumed { get; init; }
    /// <summary>Of a suite: it was complete already, and nothing is done.</summary>
    public bool Complete { get; init; }
    public required CampaignPlan Plan { get; init; }
}

/// <summary>A server-sent event of <c>/api/campaigns/{id}/events</c>.</summary>
public sealed record CampaignEvent
{
    public required long Sequence { get; init; }
    public required DateTimeOffset At { get; init; }
    public required CampaignEventKind Kind { get; init; }
    public required string Message { get; init; }
    public required CampaignDetail Detail { get; init; }
}
