using Fleet.Campaigns.Language;
using Fleet.Campaigns.Planning;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Running;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Results;
using Fleet.Domain.Text;
using Fleet.Grains.Contracts;
using Fleet.Protocol.Api;
using Fleet.Silo.Api.Problems;
using Fleet.Silo.Configuration;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Silo.Api;

/// <summary><c>/api/campaigns</c></summary>
internal static class CampaignEndpoints
{
    public static void MapCampaigns(this WebApplication app)
    {
        app.MapPost(ApiRoutes.Check, ([FromBody] CampaignFile file, CancellationToken cancel) => TypedResults.Ok(CampaignFiles.Check(file, cancel)))
            .WithSummary("All that is wrong with a campaign file, and the tasks whose data it wants.");
        app.MapPost(ApiRoutes.Plan, PlanAsync)
            .WithSummary("What a campaign would do.").Produces<CampaignPlan>().Produces<Problem>(StatusCodes.Status400BadRequest);
        app.MapPost(ApiRoutes.Campaigns, SubmitAsync)
            .WithSummary(
                "Starts a campaign, or takes an unfinished one of the same content up again; of a suite, a complete one is taken as it is.")
            .Produces<CampaignCreated>()
            .Produces<Problem>(StatusCodes.Status400BadRequest);
        app.MapGet(ApiRoutes.Campaigns, ListAsync)
            .WithSummary("The campaigns, newest first.");
        app.MapGet(ApiRoutes.Campaign, DetailAsync)
            .WithSummary("How a campaign stands.").Produces<CampaignDetail>().Produces<Problem>(StatusCodes.Status404NotFound);
        app.MapGet(ApiRoutes.CampaignResults, ResultsAsync)
            .WithSummary("A campaign's result rows.").Produces<ResultRow[]>().Produces<Problem>(StatusCodes.Status404NotFound);
        MapCommand(app, ApiRoutes.PauseCampaign, CampaignCommand.Pause, "Pauses a campaign: its training and its sessions stop.");
        MapCommand(app, ApiRoutes.ResumeCampaign, CampaignCommand.Resume, "Takes a paused campaign up again, and tries failed variants again.");
        MapCommand(app, ApiRoutes.CancelCampaign, CampaignCommand.Cancel, "Ends a campaign. What was measured stays.");
    }

    private static void MapCommand(WebApplication app, string route, CampaignCommand command, string summary) => app
        .MapPost(route, (string id, IGrainFactory grains) => CommandAsync(id, command, grains))
        .WithSummary(summary)
        .Produces<CampaignSummary>()
        .Produces<Problem>(StatusCodes.Status404NotFound)
        .Produces<Problem>(StatusCodes.Status409Conflict);

    private static async Task<IResult> PlanAsync([FromBody] CampaignSubmission submission, IFleetIndex index, SiloOptions options, CancellationToken cancel)
    {
        var (specification, problems) = CampaignFiles.Bind(submission, cancel);
        return specification is null
            ? WrongFile(problems)
            : TypedResults.Ok(await CampaignPlans.PlanAsync(specification, index, options.TrainingsAtOnce, cancel));
    }

    private static async Task<IResult> SubmitAsync(
        [FromBody] CampaignSubmission submission,
        IGrainFactory grains,
        IFleetIndex index,
        IArtefactStore artefacts,
        SiloOptions options,
        CancellationToken cancel)
    {
        var (specification, problems) = CampaignFiles.Bind(submission, cancel);
        if (specification is null)
        {
            return WrongFile(problems);
        }

        foreach (var sha256 in new[] { specification.Data.TrainingSha256, specification.Data.TestSha256 })
        {
            if (await artefacts.FindAsync(sha256, cancel) is null)
            {
                return ApiProblems.Of(
                    StatusCodes.Status409Conflict,
                    $"The data {sha256} of task '{specification.Data.Task}' is not in the store. PUT it to {ApiRoutes.ArtefactOf(sha256)} first.");
            }
        }

        if (submission.Model is { } model && await artefacts.FindAsync(model.Sha256, cancel) is null)
        {
            return ApiProblems.Of(
                StatusCodes.Status409Conflict, $"The imported model {model.Sha256} is not in the store. PUT it to {ApiRoutes.ArtefactOf(model.Sha256)} first.");
        }

        var plan = await CampaignPlans.PlanAsync(specification, index, options.TrainingsAtOnce, cancel);
        var submitted = await grains.GetGrain<ICampaignRegistryGrain>(0).SubmitAsync(specification, submission.AlwaysNew);
        return TypedResults.Ok(new CampaignCreated { Campaign = submitted.Campaign, Resumed = submitted.Resumed, Complete = submitted.Complete, Plan = plan });
    }

    private static async Task<CampaignSummary[]> ListAsync(IFleetIndex index, CancellationToken cancel) =>
        [.. (await index.CampaignsAsync(cancel)).Select(entry => entry.Summary).OrderByDescending(summary => summary.CreatedAt)];

    private static async Task<IResult> DetailAsync(string id, IGrainFactory grains) =>
        await grains.GetGrain<ICampaignGrain>(id).WatchAsync(long.MaxValue) is { } view ? TypedResults.Ok(view.Detail) : ApiProblems.NoCampaign(id);

    private static async Task<IResult> ResultsAsync(string id, IGrainFactory grains, IResultStore results, CancellationToken cancel) =>
        await grains.GetGrain<ICampaignGrain>(id).WatchAsync(long.MaxValue) is null
            ? ApiProblems.NoCampaign(id)
            : TypedResults.Ok((await results.RowsAsync(id, cancel)).ToArray());

    private static async Task<IResult> CommandAsync(string id, CampaignCommand command, IGrainFactory grains)
    {
        var campaign = grains.GetGrain<ICampaignGrain>(id);
        var taken = await campaign.CommandAsync(command);
        if (await campaign.WatchAsync(long.MaxValue) is not { } view)
        {
            return ApiProblems.NoCampaign(id);
        }

        var summary = view.Detail.Summary;
        return taken
            ? TypedResults.Ok(summary)
            : ApiProblems.Of(StatusCodes.Status409Conflict, $"Campaign '{id}' has ended ({summary.State.Word()}); it cannot be changed any more.");
    }

    private static IResult WrongFile(IReadOnlyList<FileProblem> problems) =>
        ApiProblems.Of(StatusCodes.Status400BadRequest, problems.Count == 1 ? problems[0].Message : $"The campaign has {problems.Count} mistakes.", problems);
}
