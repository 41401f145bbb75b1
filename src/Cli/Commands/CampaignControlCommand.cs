using System.CommandLine;
using Fleet.Cli.Views;
using Fleet.Domain.Campaigns;
using Fleet.Protocol;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet campaign pause|resume|cancel CAMPAIGN</c></summary>
internal static class CampaignControlCommand
{
    /// <param name="route">The route of the HTTP API that does it.</param>
    public static Command Create(CommandEnvironment environment, string verb, string description, string route)
    {
        var reference = CampaignCommand.ReferenceArgument();
        var command = new Command(verb, description) { reference };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var found = await silo.FindAsync(invocation.Get(reference)!, cancel).ConfigureAwait(false);
            var summary = await silo.Client.ControlAsync(route, found.Campaign, cancel).ConfigureAwait(false);
            invocation.Output.Result(CampaignView.Head(summary));
            if (silo.Own && summary.State == CampaignStatus.Running)
            {
                invocation.Output.Warn(
                    $"No silo stays behind, so nothing runs now. Let it: fleet up{invocation.StateOption}, or fleet campaign watch"
                        + $" {summary.Campaign}{invocation.StateOption}");
            }

            invocation.Output.Document(summary, ProtocolJson.Indented.CampaignSummary);
        }));
        return command;
    }
}
