using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Data;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet campaign run FILE</c>: from the file to the results.</summary>
internal static class CampaignRunCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var file = CampaignCommand.FileArgument();
        var data = CampaignCommand.DataOption();
        var synthetic = CampaignCommand.SyntheticOption();
        var outFolder = CampaignCommand.OutOption();
        var detach = new Option<bool>("--detach") { Description = "Start it in the running silo and return" };
        var alwaysNew = new Option<bool>("--new")
        {
            Description = "Start anew, even where an unfinished campaign, or a complete one of a suite, has the same content",
        };
        var command = new Command("run", "Run a campaign, or a suite of them, and show the results; an unfinished campaign of the same content resumes")
        {
            file, data, synthetic, outFolder, detach, alwaysNew,
        };
        command.SetAction(environment.Handle((invocation, cancel) =>
        {
            var path = invocation.Get(file)!;
            var folders = invocation.Get(data)!;
            var into = invocation.Get(outFolder);
            return invocation.Runner().RunAsync(
                new CampaignOrder
                {
                    File = CampaignCommand.Read(path, invocation.Get(synthetic)),
                    Data = new DataFolders(folders),
                    Out = into,
                    AlwaysNew = invocation.Get(alwaysNew),
                    Detach = invocation.Get(detach),
                    Again = $"fleet campaign run {path}{string.Concat(folders.Select(folder => $" --data {folder}"))}"
                        + $"{(invocation.Get(synthetic) ? " --synthetic" : "")}{(into is null ? "" : $" --out {into}")}",
                },
                cancel);
        }));
        return command;
    }
}
