using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Data;
using Fleet.Cli.Views;
using Fleet.Protocol;
using Fleet.Protocol.Api;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet campaign plan FILE</c>: what it would do, without doing it.</summary>
internal static class CampaignPlanCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var file = CampaignCommand.FileArgument();
        var data = CampaignCommand.DataOption();
        var synthetic = CampaignCommand.SyntheticOption();
        var command = new Command("plan", "Say what a campaign would train and measure, without starting it") { file, data, synthetic };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var submissions = await CampaignRunner.PrepareAsync(
                silo,
                CampaignCommand.Read(invocation.Get(file)!, invocation.Get(synthetic)),
                new DataFolders(invocation.Get(data)!),
                false,
                invocation.Output,
                invocation.Time,
                cancel).ConfigureAwait(false);
            var isSuite = submissions[0].File.Benchmark is not null;
            var plans = new List<CampaignPlan>();
            foreach (var submission in submissions)
            {
                plans.Add(await silo.Client.PlanAsync(submission, cancel).ConfigureAwait(false));
                invocation.Output.Result(isSuite ? Lists.PlanOfSuite(plans[^1], invocation.Output.Width) : Lists.Plan(plans[^1], invocation.Output.Width));
            }

            if (!isSuite)
            {
                invocation.Output.Document(plans[0], ProtocolJson.Indented.CampaignPlan);
            }
            else
            {
                invocation.Output.Document([.. plans], ProtocolJson.Indented.CampaignPlanArray);
            }
        }));
        return command;
    }
}
