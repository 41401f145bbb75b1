using Fleet.Domain.Campaigns;

namespace Fleet.Reports.Model;

/// <summary>A campaign of a suite.</summary>
/// <param name="Reference">Short name of the variant that its others are compared with.</param>
public sealed record SuiteBenchmark(CampaignTable Table, string Reference);
