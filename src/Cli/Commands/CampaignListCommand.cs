using System.CommandLine;
using Fleet.Cli.Terminals;
using Fleet.Cli.Views;
using Fleet.Protocol;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet campaign list</c></summary>
internal static class CampaignListCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("list", "List the campaigns, newest first");
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var campaigns = await silo.Client.CampaignsAsync(cancel).ConfigureAwait(false);
            if (campaigns.Length == 0)
            {
                invocation.Output.Result("No campaigns yet. Start one: fleet quickstart --out DIR, or fleet campaign run FILE");
            }
            else
            {
                invocation.Output.Result(Lists.Campaigns(campaigns, invocation.Time).Draw(invocation.Output.Width));
            }

            invocation.Output.Document(campaigns, ProtocolJson.Indented.CampaignSummaryArray);
        }));
        return command;
    }
}
