using System.CommandLine;
using Fleet.Cli.Campaigns;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet campaign report CAMPAIGN</c>: writes the report.</summary>
internal static class CampaignReportCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var reference = CampaignCommand.ReferenceArgument();
        var file = new Option<string>("--out")
        {
            Description = "File to write",
            HelpName = "FILE",
            DefaultValueFactory = _ => ResultFiles.Report,
        };
        var command = new Command("report", "Write a campaign's report as one HTML file") { reference, file };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var campaign = (await silo.FindAsync(invocation.Get(reference)!, cancel).ConfigureAwait(false)).Campaign;
            var report = await silo.Client.ReportAsync(campaign, cancel).ConfigureAwait(false);
            var told = invocation.Get(file)!;
            var path = Path.GetFullPath(Directory.Exists(told) ? Path.Combine(told, ResultFiles.Report) : told);
            ResultFiles.Write(path, report);
            invocation.Output.Result($"Written: {path}");
            invocation.Output.Document(new WrittenFile(campaign, path, report.Length), CliJson.Default.WrittenFile);
        }));
        return command;
    }
}
