using Fleet.Domain.Campaigns;

namespace Fleet.Protocol.Api;

/// <summary><c>GET /api/info</c></summary>
public sealed record SiloDescription
{
    public required string Version { get; init; }
    public required string StateFolder { get; init; }
    /// <summary>Which folder that is (its id and place); null from a silo of an older version.</summary>
    public string? StateIdentity { get; init; }
    public required int ProcessId { get; init; }
    public required int Devices { get; init; }
    public required int ActiveCampaigns { get; init; }
}

/// <summary>RFC 9457 problem document, with the mistakes of a file where there are any.</summary>
public sealed record Problem
{
    public string Type { get; init; } = "about:blank";
    public required string Title { get; init; }
    public required int Status { get; init; }
    public string? Detail { get; init; }
    public IReadOnlyList<FileProblem>? Problems { get; init; }
}
