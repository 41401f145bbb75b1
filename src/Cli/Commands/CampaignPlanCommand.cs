using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Data;
using Fleet.Cli.Views;
using Fleet.Protocol;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet campaign plan FILE</c>: what it would do, without doing it.</summary>
internal static class CampaignPlanCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var file = CampaignCommand.FileArgument();
        var data = CampaignCommand.DataOption();
        var command = new Command("plan", "Say what a campaign would train and measure, without starting it") { file, data };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var submission = await CampaignRunner.PrepareAsync(
                silo, CampaignCommand.Read(invocation.Get(file)!), new DataFolders(invocation.Get(data)!), false, invocation.Output, invocation.Time, cancel).ConfigureAwait(false);
            var plan = await silo.Client.PlanAsync(submission, cancel).ConfigureAwait(false);
            invocation.Output.Result(Lists.Plan(plan, invocation.Output.Width));
            invocation.Output.Document(plan, ProtocolJson.Indented.CampaignPlan);
        }));
        return command;
    }
}
