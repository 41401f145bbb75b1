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

    /// <summary>Devices that have taken part: they matched, and asked for work while it ran. Only grows; see <see cref="Departures"/>.</summary>
    [Id(4)] public ImmutableArray<DeviceDescription> Devices { get; init; } = [];

    /// <summary>Why it failed.</summary>
    [Id(5)] public string? Reason { get; init; }

    /// <summary>Devices that the campaign does not wait for: those of <see cref="Devices"/> that have left, and whatever was excluded.</summary>
    [Id(6)] public ImmutableArray<Departure> Departures { get; init; } = [];

    public bool Running => Status == CampaignStates.Running;

    public bool Ended => EndedAt is not null;

    public bool TakesPart(string device) => Devices.Any(known => known.Device == device);

    /// <summary>Why and since when the device is not waited for; null where it is, and of one that was never here.</summary>
    public Departure? Departed(string device) => Departures.FirstOrDefault(departure => departure.Device == device);
}
