using System.CommandLine;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet campaign watch CAMPAIGN</c>: follows one that runs.</summary>
internal static class CampaignWatchCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var reference = CampaignCommand.ReferenceArgument();
        var outFolder = CampaignCommand.OutOption();
        var command = new Command("watch", "Follow a campaign to its end and show its results") { reference, outFolder };
        command.SetAction(environment.Handle((invocation, cancel) => invocation.Runner().WatchAsync(
            silo => silo.FindAsync(invocation.Get(reference)!, cancel), invocation.Get(outFolder), cancel)));
        return command;
    }
}
