using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Views;
using Fleet.Protocol;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet device list|show</c></summary>
internal static class DeviceCommand
{
    public static Command Create(CommandEnvironment environment) => new("device", "Look at the fleet's devices")
    {
        List(environment),
        Show(environment),
    };

    private static Command List(CommandEnvironment environment)
    {
        var command = new Command("list", "List the devices");
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var devices = await silo.Client.DevicesAsync(cancel).ConfigureAwait(false);
            if (devices.Length == 0)
            {
                invocation.Output.Result("No devices yet. One enrols by itself: fleet up starts one here, fleet-agent run on a board.");
            }
            else
            {
                invocation.Output.Result(Lists.Devices(devices, invocation.Time).Fit(invocation.Output.Width));
            }

            invocation.Output.Document(devices, ProtocolJson.Indented.DeviceSummaryArray);
        }));
        return command;
    }

    private static Command Show(CommandEnvironment environment)
    {
        var reference = new Argument<string>("DEVICE") { Description = "Its name, its id, or the beginning of its id" };
        var command = new Command("show", "Show one device") { reference };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var device = await CampaignReference.DeviceAsync(silo.Client, invocation.Get(reference)!, cancel).ConfigureAwait(false);
            invocation.Output.Result(Lists.Device(device, invocation.Time));
            invocation.Output.Document(device, ProtocolJson.Indented.DeviceSummary);
        }));
        return command;
    }
}
