using System.Collections.Immutable;
using Fleet.Campaigns;
using Fleet.Grains.Devices;

namespace Fleet.Grains.Campaigns;

/// <summary>What a campaign keeps. Everything else is computed from it and from the results store.</summary>
[GenerateSerializer, Immutable, Alias("fleet.campaign-state")]
public sealed record CampaignState
{
    [Id(0)] public CampaignSpecification? Specification { get; init; }

    /// <summary>As <see cref="CampaignStates"/> spells it.</summary>
    [Id(1)] public string Status { get; init; } = CampaignStates.Running;

    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    [Id(3)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Devices that take part: they matched and were there while it ran. Only grows.</summary>
    [Id(4)] public ImmutableArray<DeviceDescription> Devices { get; init; } = [];

    /// <summary>Why it failed.</summary>
    [Id(5)] public string? Reason { get; init; }

    public bool Running => Status == CampaignStates.Running;

    public bool Ended => EndedAt is not null;
}
