using System.CommandLine;
using Fleet.Campaigns.Language;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Data;
using Fleet.Cli.Views;
using Fleet.Domain.Campaigns;
using Fleet.Os.Processes;
using Fleet.Protocol;
using Fleet.Reports.Quantities;

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
        command.SetAction(environment.Handle(async (invocation, cancel) =>
        {
            var campaign = CampaignCommand.Read(invocation.Get(file)!, invocation.Get(synthetic));
            var check = CampaignFiles.Check(campaign, cancel);
            if (check.Problems.Count > 0)
            {
                throw CampaignRunner.Mistakes(campaign, check.Problems);
            }

            var planner = new OfflinePlanner(campaign, new DataFolders(invocation.Get(data)!), invocation.Output, invocation.Time);
            var submissions = await planner.SubmissionsAsync(check, cancel).ConfigureAwait(false);
            await using var silo = await invocation.Silos().FindAsync(cancel).ConfigureAwait(false);
            var isSuite = submissions[0].File.Benchmark is not null;
            var plans = new List<CampaignPlan>();
            foreach (var submission in submissions)
            {
                var plan = planner.Plan(submission);
                if (silo is not null)
                {
                    // A silo that runs knows its devices, what is trained, and how long that took.
                    var known = await silo.Client.PlanAsync(submission, cancel).ConfigureAwait(false);
                    plan = known with { TrainingSeconds = known.TrainingSeconds ?? plan.TrainingSeconds };
                }

                plans.Add(plan);
                invocation.Output.Result(isSuite ? Lists.PlanOfSuite(plan, invocation.Output.Width) : Lists.Plan(plan, invocation.Output.Width));
            }

            invocation.Output.Result(Totals(plans));
            if (!submissions.All(OfflinePlanner.IsRead))
            {
                invocation.Output.Result("Which variants are trained already, and how long training takes, is known with the data: --data DIR");
            }

            if (!isSuite)
            {
                invocation.Output.Document(plans[0], ProtocolJson.Indented.CampaignPlan);
            }
            else
            {
                invocation.Output.Document([.. plans], ProtocolJson.Indented.CampaignPlanArray);
            }
            return ExitCodes.Done;
        }));
        return command;
    }

    // Sums that count: what is not known of one is not known of all.
    private static string Totals(IReadOnlyList<CampaignPlan> plans)
    {
        var (training, measured) = (plans.Sum(plan => plan.TrainingSeconds ?? double.NaN), plans.Sum(plan => plan.DeviceSeconds ?? double.NaN));
        var limit = plans.Sum(plan => plan.DeviceSecondsAtMost ?? double.NaN);
        var measuring = !double.IsNaN(measured) ? $"about {Quantity.Duration(measured)} a device"
            : !double.IsNaN(limit) ? $"at most {Quantity.Duration(limit)} a device"
            : "unknown";
        return $"In all: {Quantity.Of(plans.Sum(plan => plan.Variants.Count), "variant")}, {Quantity.Of(plans.Sum(plan => plan.Runs), "run")}; training"
            + $" {(double.IsNaN(training) ? "unknown" : $"about {Quantity.Duration(training)}")}, measuring {measuring}.";
    }
}
