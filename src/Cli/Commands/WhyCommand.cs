using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Views;
using Fleet.Protocol;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet why NAME</c>: what a campaign, a device or a run waits for, or why it ended as it did.</summary>
internal static class WhyCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var name = new Argument<string>("NAME")
        {
            Description = $"A campaign, device or run: its id, the beginning of its id, its name, or '{CampaignReference.Last}' for the newest campaign",
        };
        var command = new Command("why", "Say in plain words what something waits for, or why it ended as it did") { name };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var explanation = await silo.Client.WhyAsync(invocation.Get(name)!, cancel).ConfigureAwait(false);
            invocation.Output.Result(ExplanationView.Render(explanation));
            invocation.Output.Document(explanation, ProtocolJson.Indented.Explanation);
        }));
        return command;
    }
}
