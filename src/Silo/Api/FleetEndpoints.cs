using Fleet.Campaigns.Ports;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Explanations;
using Fleet.Domain.Jobs;
using Fleet.Grains.Contracts;
using Fleet.Grains.Explaining;
using Fleet.Os.State;
using Fleet.Protocol.Api;
using Fleet.Silo.Api.Access;
using Fleet.Silo.Api.Problems;
using Fleet.Silo.Configuration;

namespace Fleet.Silo.Api;

/// <summary>What there is: the silo and its jobs; and why.</summary>
internal static class FleetEndpoints
{
    public static void MapFleet(this WebApplication app)
    {
        app.MapGet(ApiRoutes.Info, InfoAsync).WithSummary("What this silo is.");
        app.MapGet(ApiRoutes.Jobs, JobsAsync).WithSummary("The compression jobs, newest first.");
        app.MapGet(ApiRoutes.Why, WhyAsync)
            .WithSummary("Why a campaign, a device or a run stands where it stands.").Produces<Explanation>().Produces<Problem>(StatusCodes.Status404NotFound);
    }

    public static void MapReadiness(this WebApplication app) => app
        .MapGet(ApiRoutes.Ready, ReadyAsync)
        .WithSummary("Do grains and storage answer?")
        .WithMetadata(new NeedsNoToken())
        .Produces(StatusCodes.Status200OK)
        .Produces<Problem>(StatusCodes.Status503ServiceUnavailable);

    private static async Task<SiloDescription> InfoAsync(SiloOptions options, StateIdentity identity, IFleetIndex index, CancellationToken cancel) => new()
    {
        Version = ProductVersion.Current,
        StateFolder = options.State,
        StateIdentity = identity.ToString(),
        ProcessId = Environment.ProcessId,
        Devices = (await index.DevicesAsync(cancel)).Count,
        ActiveCampaigns = (await index.CampaignsAsync(cancel)).Count(entry => entry.Summary.State == CampaignStatus.Running),
    };

    private static async Task<JobSummary[]> JobsAsync(IFleetIndex index, CancellationToken cancel) =>
    [
        .. (await index.JobsAsync(cancel))
            .OrderByDescending(entry => entry.DemandedAt)
            .ThenBy(entry => entry.Summary.Name, StringComparer.Ordinal)
            .Select(entry => entry.Summary),
    ];

    private static async Task<IResult> WhyAsync(string name, Explainer explainer, CancellationToken cancel)
    {
        var (explanation, problem) = await explainer.ExplainAsync(name, cancel);
        return explanation is null ? ApiProblems.Of(StatusCodes.Status404NotFound, problem!) : TypedResults.Ok(explanation);
    }

    private static async Task<IResult> ReadyAsync(IGrainFactory grains, IResultStore results, SiloEndpoints endpoints, CancellationToken cancel)
    {
        if (endpoints.Address is null)
        {
            return ApiProblems.Of(StatusCodes.Status503ServiceUnavailable, "The silo is starting.");
        }

        await grains.GetGrain<ICampaignGrain>("readiness").WatchAsync(long.MaxValue);
        await results.ClosedRunsAsync("readiness", cancel);
        return TypedResults.Text("ready\n");
    }
}
