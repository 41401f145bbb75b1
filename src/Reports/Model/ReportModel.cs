using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Measuring;

namespace Fleet.Reports.Model;

/// <summary>All that a campaign's report is made of.</summary>
public sealed record ReportModel
{
    public required CampaignDetail Campaign { get; init; }

    /// <summary>The rows that there are; a report may be made while the campaign still runs.</summary>
    public required CampaignTable Table { get; init; }

    /// <summary>What was measured, by run; failed runs have none.</summary>
    public required IReadOnlyDictionary<string, RunMeasurement> Measurements { get; init; }

    public required ProtocolSettings Protocol { get; init; }

    /// <summary>Short name of the variant that the others are compared with.</summary>
    public required string Reference { get; init; }

    /// <summary>The devices that took part, as far as they are known.</summary>
    public required IReadOnlyList<DeviceSummary> Devices { get; init; }

    /// <summary>Version of the silo that makes the report.</summary>
    public required string Version { get; init; }

    public required DateTimeOffset GeneratedAt { get; init; }
}
