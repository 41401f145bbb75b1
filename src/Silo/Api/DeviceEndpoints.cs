using Fleet.Campaigns.Ports;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Text;
using Fleet.Grains.Contracts;
using Fleet.Grains.Devices;
using Fleet.Protocol.Api;
using Fleet.Silo.Api.Problems;
using Fleet.Silo.Gateway;

namespace Fleet.Silo.Api;

/// <summary>The fleet's devices, and who is to be in a campaign.</summary>
internal static class DeviceEndpoints
{
    public static void MapDevices(this WebApplication app)
    {
        app.MapGet(ApiRoutes.Devices, DevicesAsync).WithSummary("The devices, by name.");
        app.MapDelete(ApiRoutes.Device, RemoveAsync)
            .WithSummary("Forgets a device that is not connected.")
            .Produces<DeviceSummary>()
            .Produces<Problem>(StatusCodes.Status404NotFound)
            .Produces<Problem>(StatusCodes.Status409Conflict);
        Map(
            app.MapPut(
                ApiRoutes.Exclusion,
                (string id, string device, IGrainFactory grains, IFleetIndex index, CancellationToken cancel) =>
                    ExcludeAsync(id, device, true, grains, index, cancel)),
            "Takes a device out of a campaign.");
        Map(
            app.MapDelete(
                ApiRoutes.Exclusion,
                (string id, string device, IGrainFactory grains, IFleetIndex index, CancellationToken cancel) =>
                    ExcludeAsync(id, device, false, grains, index, cancel)),
            "Takes an excluded device back into a campaign.");
    }

    private static void Map(RouteHandlerBuilder route, string summary) => route
        .WithSummary(summary).Produces<CampaignSummary>().Produces<Problem>(StatusCodes.Status404NotFound).Produces<Problem>(StatusCodes.Status409Conflict);

    private static Task<DeviceSummary[]> DevicesAsync(IFleetIndex index, IGrainFactory grains, CancellationToken cancel) =>
        DeviceList.AllAsync(grains, index, cancel);

    private static async Task<IResult> RemoveAsync(string id, IGrainFactory grains, AgentConnections connections)
    {
        var device = grains.GetGrain<IDeviceGrain>(id);
        if (await device.SummaryAsync() is not { } summary)
        {
            return NoDevice(id);
        }

        if (connections.Has(id))
        {
            return ApiProblems.Of(
                StatusCodes.Status409Conflict,
                $"The agent of {summary.Name} is connected, and would enrol again at once. Stop it on the board, then remove the device; or keep it out"
                    + $" of one campaign: fleet device exclude CAMPAIGN {summary.Name}");
        }

        await device.RemoveAsync();
        connections.End(id);
        return TypedResults.Ok(summary);
    }

    private static async Task<IResult> ExcludeAsync(string id, string device, bool excluded, IGrainFactory grains, IFleetIndex index, CancellationToken cancel)
    {
        var campaign = grains.GetGrain<ICampaignGrain>(id);
        if (await campaign.WatchAsync(long.MaxValue) is not { } view)
        {
            return ApiProblems.NoCampaign(id);
        }

        // What was removed may have taken part, and what was excluded may have been removed.
        if (excluded
            && view.Detail.Devices.All(part => part.Device != device)
            && (await index.DevicesAsync(cancel)).All(entry => entry.Description.Device != device))
        {
            return NoDevice(device);
        }

        return await campaign.ExcludeAsync(device, excluded)
            ? TypedResults.Ok((await campaign.WatchAsync(long.MaxValue))!.Detail.Summary)
            : ApiProblems.Of(StatusCodes.Status409Conflict, $"Campaign '{id}' has ended ({view.Detail.Summary.State.Word()}); it cannot be changed any more.");
    }

    private static IResult NoDevice(string id) => ApiProblems.Of(StatusCodes.Status404NotFound, $"There is no device '{id}'.");
}
