using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Explanations;
using Fleet.Domain.Jobs;

namespace Fleet.Protocol.Api;

/// <summary>
/// The paths of the silo's HTTP API, for the side that maps them (the constants, with <c>{id}</c>) and the side that calls
/// them (the methods). Errors are <see cref="Problem"/> documents. Ids in paths are whole; short forms are the CLI's affair.
/// </summary>
public static class ApiRoutes
{
    /// <summary>GET: <see cref="SiloDescription"/>.</summary>
    public const string Info = "/api/info";

    /// <summary>POST <see cref="CampaignFile"/>: <see cref="CampaignCheck"/>, with status 200 also where there are problems.</summary>
    public const string Check = "/api/campaigns/check";

    /// <summary>POST <see cref="CampaignSubmission"/>: <see cref="CampaignPlan"/>.</summary>
    public const string Plan = "/api/campaigns/plan";

    /// <summary>GET: <see cref="CampaignSummary"/>[], newest first. POST <see cref="CampaignSubmission"/>: <see cref="CampaignCreated"/>.</summary>
    public const string Campaigns = "/api/campaigns";

    /// <summary>GET: <see cref="CampaignDetail"/>.</summary>
    public const string Campaign = "/api/campaigns/{id}";

    /// <summary>GET: <see cref="CampaignTable"/>.</summary>
    public const string CampaignTable = "/api/campaigns/{id}/table";

    /// <summary>GET: <see cref="Domain.Results.ResultRow"/>[].</summary>
    public const string CampaignResults = "/api/campaigns/{id}/results";

    /// <summary>GET: text/html.</summary>
    public const string CampaignReport = "/api/campaigns/{id}/report";

    /// <summary>GET: text/html, of the latest campaign of each benchmark of the suite of that name.</summary>
    public const string SuiteReport = "/api/suites/{name}/report";

    /// <summary>
    /// GET: server-sent events, each <c>id: SEQUENCE</c>, <c>event: KIND</c>, <c>data:</c> one <see cref="CampaignEvent"/> on one line.
    /// The first comes at once, with the present state; <c>Last-Event-ID</c> is understood.
    /// The stream ends after the event that says that the campaign has ended or was paused.
    /// </summary>
    public const string CampaignEvents = "/api/campaigns/{id}/events";

    /// <summary>POST, no body: <see cref="CampaignSummary"/>.</summary>
    public const string PauseCampaign = "/api/campaigns/{id}/pause";

    /// <summary>POST, no body: <see cref="CampaignSummary"/>.</summary>
    public const string ResumeCampaign = "/api/campaigns/{id}/resume";

    /// <summary>POST, no body: <see cref="CampaignSummary"/>.</summary>
    public const string CancelCampaign = "/api/campaigns/{id}/cancel";

    /// <summary>PUT, no body: takes the device out of the campaign. DELETE: takes that back. Both: <see cref="CampaignSummary"/>.</summary>
    public const string Exclusion = "/api/campaigns/{id}/excluded/{device}";

    /// <summary>GET: <see cref="DeviceSummary"/>[].</summary>
    public const string Devices = "/api/devices";

    /// <summary>DELETE: forgets the device, whose agent must not be connected; <see cref="DeviceSummary"/>, as it was.</summary>
    public const string Device = "/api/devices/{id}";

    /// <summary>GET: <see cref="JobSummary"/>[], newest first.</summary>
    public const string Jobs = "/api/jobs";

    /// <summary>GET: <see cref="Explanation"/> of the campaign, device or run of that id, beginning of an id, or name.</summary>
    public const string Why = "/api/why/{name}";

    /// <summary>HEAD: is it stored? PUT: stores it (application/octet-stream). GET: its bytes, with ranges.</summary>
    public const string Artefact = "/artifacts/{sha256}";

    /// <summary>GET: 200 while the process answers.</summary>
    public const string Health = "/healthz";

    /// <summary>GET: 200 once grains and storage answer.</summary>
    public const string Ready = "/readyz";

    /// <summary>One of the routes of a campaign or a device for this one.</summary>
    public static string Of(string route, string id) => route.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal);

    public static string ExclusionOf(string campaign, string device) =>
        Of(Exclusion, campaign).Replace("{device}", Uri.EscapeDataString(device), StringComparison.Ordinal);

    public static string SuiteReportOf(string suite) => $"/api/suites/{Uri.EscapeDataString(suite)}/report";

    public static string WhyOf(string name) => $"/api/why/{Uri.EscapeDataString(name)}";

    public static string ArtefactOf(string sha256) => $"/artifacts/{sha256}";
}
