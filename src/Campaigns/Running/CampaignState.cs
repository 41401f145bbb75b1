using System.Collections.Immutable;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;

namespace Fleet.Campaigns.Running;

/// <summary>What a campaign keeps. Everything else is computed from it and from the results store.</summary>
public sealed record CampaignState
{
    public CampaignSpecification? Specification { get; init; }

    public CampaignStatus Status { get; init; } = CampaignStatus.Running;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Devices that have taken part: they matched, and asked for work while it ran. Only grows; see <see cref="Departures"/>.</summary>
    public ImmutableArray<DeviceDescription> Devices { get; init; } = [];

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>Devices that the campaign does not wait for: those of <see cref="Devices"/> that have left, and whatever was excluded.</summary>
    public ImmutableArray<Departure> Departures { get; init; } = [];

    public bool Running => Status == CampaignStatus.Running;

    public bool Ended => EndedAt is not null;

    public bool TakesPart(string device) => Devices.Any(known => known.Device == device);

    /// <summary>Why and since when the device is not waited for; null where it is, and of one that was never here.</summary>
    public Departure? Departed(string device) => Departures.FirstOrDefault(departure => departure.Device == device);
}
