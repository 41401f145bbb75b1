using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Terminals;
using Fleet.Cli.Views;
using Fleet.Protocol;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet device list|show|exclude|remove</c></summary>
internal static class DeviceCommand
{
    public static Command Create(CommandEnvironment environment) => new("device", "Look at the fleet's devices, and say which take part")
    {
        List(environment),
        Show(environment),
        Exclude(environment),
        Remove(environment),
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
                invocation.Output.Result(Lists.Devices(devices, invocation.Time).Draw(invocation.Output.Width));
                foreach (var device in devices.Where(device => device.Rival is not null))
                {
                    invocation.Output.Result($"{device.Name}: {Lists.Rival(device.Rival!, invocation.Time)}");
                }
            }

            invocation.Output.Document(devices, ProtocolJson.Indented.DeviceSummaryArray);
        }));
        return command;
    }

    private static Command Show(CommandEnvironment environment)
    {
        var reference = ReferenceArgument();
        var command = new Command("show", "Show one device") { reference };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var device = await CampaignReference.DeviceAsync(silo.Client, invocation.Get(reference)!, cancel).ConfigureAwait(false);
            invocation.Output.Result(Lists.Device(device, invocation.Time));
            invocation.Output.Document(device, ProtocolJson.Indented.DeviceSummary);
        }));
        return command;
    }

    private static Command Exclude(CommandEnvironment environment)
    {
        var campaign = CampaignCommand.ReferenceArgument();
        var reference = ReferenceArgument();
        var undo = new Option<bool>("--undo") { Description = "Take it back" };
        var command = new Command(
            "exclude", "Take a device out of one campaign: its session ends, and its open runs end with that reason") { campaign, reference, undo };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var id = (await silo.FindAsync(invocation.Get(campaign)!, cancel).ConfigureAwait(false)).Campaign;
            var (device, name) = await CampaignReference.DeviceAsync(silo.Client, id, invocation.Get(reference)!, cancel).ConfigureAwait(false);
            var excluded = !invocation.Get(undo);
            var summary = await silo.Client.ExcludeAsync(id, device, excluded, cancel).ConfigureAwait(false);
            invocation.Output.Result(
                excluded
                    ? $"{name} is excluded from {id}: its open runs end with that reason."
                    : $"{name} is not excluded from {id}: it takes part when it asks for work.");
            if (excluded)
            {
                invocation.Output.Result($"Take it back: fleet device exclude {id} {name} --undo{invocation.StateOption}");
            }

            invocation.Output.Document(summary, ProtocolJson.Indented.CampaignSummary);
        }));
        return command;
    }

    private static Command Remove(CommandEnvironment environment)
    {
        var reference = ReferenceArgument();
        var command = new Command("remove", "Forget a device whose agent has stopped: no campaign waits for it, and no alert fires for it") { reference };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var found = await CampaignReference.DeviceAsync(silo.Client, invocation.Get(reference)!, cancel).ConfigureAwait(false);
            var removed = await silo.Client.RemoveDeviceAsync(found.Device, cancel).ConfigureAwait(false);
            invocation.Output.Result($"{removed.Name} is removed; its results stay. If its agent comes back, it enrols as a new device.");
            invocation.Output.Document(removed, ProtocolJson.Indented.DeviceSummary);
        }));
        return command;
    }

    private static Argument<string> ReferenceArgument() => new("DEVICE") { Description = "Its name, its id, or the beginning of its id" };
}
