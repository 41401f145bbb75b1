using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Terminals;
using Fleet.Cli.Views;
using Fleet.Protocol;
using Fleet.Reports.Quantities;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet job list|show|export</c>: the variants and their training.</summary>
internal static class JobCommand
{
    public static Command Create(CommandEnvironment environment) => new("job", "Look at the variants and their training")
    {
        List(environment),
        Show(environment),
        JobExportCommand.Create(environment),
    };

    private static Command List(CommandEnvironment environment)
    {
        var command = new Command("list", "List the variants, newest first");
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var jobs = await silo.Client.JobsAsync(cancel).ConfigureAwait(false);
            if (jobs.Length == 0)
            {
                invocation.Output.Result("No variants yet. A campaign makes them: fleet campaign run FILE");
            }
            else
            {
                invocation.Output.Result(JobTable.Of(jobs, withKeys: true).Draw(invocation.Output.Width));
            }

            invocation.Output.Document(jobs, ProtocolJson.Indented.JobSummaryArray);
        }));
        return command;
    }

    private static Command Show(CommandEnvironment environment)
    {
        var reference = new Argument<string>("VARIANT") { Description = "Its key, the beginning of its key, or its name" };
        var command = new Command("show", "Show one variant; of a name that several have, such as its seeds, list which is which") { reference };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var named = await CampaignReference.JobsAsync(silo.Client, invocation.Get(reference)!, cancel).ConfigureAwait(false);
            if (named.Count > 1)
            {
                invocation.Output.Result(JobTable.Of(named, withKeys: true).Draw(invocation.Output.Width));
                invocation.Output.Result(
                    $"{named.Count} variants have this name. Show one: fleet job show {Quantity.Short(named[0].Variant)}{invocation.StateOption}");
                invocation.Output.Document([.. named], ProtocolJson.Indented.JobSummaryArray);
                return;
            }

            var job = named[0];
            invocation.Output.Result(Lists.Job(job));
            invocation.Output.Document(job, ProtocolJson.Indented.JobSummary);
        }));
        return command;
    }
}
