using System.Text.Json.Serialization;

namespace Fleet.Domain.Campaigns;

/// <summary>One line of <c>campaign list</c>, and the head of <c>campaign show</c>.</summary>
public sealed record CampaignSummary
{
    public required string Campaign { get; init; }
    public required string Name { get; init; }
    /// <summary>Name of the suite that it is a benchmark of; null where it stands alone.</summary>
    public string? Suite { get; init; }
    public required CampaignStatus State { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public required int Variants { get; init; }
    public required int VariantsReady { get; init; }
    public required int VariantsFailed { get; init; }
    public required int Runs { get; init; }
    public required int RunsClosed { get; init; }
    public required int RunsFailed { get; init; }
    public double? SecondsLeft { get; init; }

    /// <summary>Its name within its suite.</summary>
    [JsonIgnore]
    public string Benchmark => Suite is null ? Name : Name[(Suite.Length + 1)..];
}
