using System.CommandLine;
using System.Text;
using System.Text.Json;
using Fleet.Cli.Campaigns;
using Fleet.Protocol;
using Fleet.Reports.Csv;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet campaign export CAMPAIGN</c>: the result rows, for other programs.</summary>
internal static class CampaignExportCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var reference = CampaignCommand.ReferenceArgument();
        var format = new Option<string>("--format") { Description = "json or csv", DefaultValueFactory = _ => "json" };
        format.AcceptOnlyFromAmong("json", "csv");
        var file = new Option<string?>("--out") { Description = "File to write, instead of standard output", HelpName = "FILE" };
        var command = new Command("export", "Print a campaign's result rows as JSON or CSV") { reference, format, file };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var output = invocation.Output;
            var campaign = (await silo.FindAsync(invocation.Get(reference)!, cancel).ConfigureAwait(false)).Campaign;
            var rows = await silo.Client.ResultsAsync(campaign, cancel).ConfigureAwait(false);
            var text = invocation.Get(format) == "csv" ? ResultCsv.Of(rows) : JsonSerializer.Serialize(rows, ProtocolJson.Indented.ResultRowArray) + "\n";
            if (invocation.Get(file) is { } told)
            {
                var path = Path.GetFullPath(told);
                var bytes = Encoding.UTF8.GetBytes(text);
                ResultFiles.Write(path, bytes);
                output.Result($"Written: {path}");
                output.Document(new WrittenFile(campaign, path, bytes.Length), CommandJson.Default.WrittenFile);
                return;
            }

            output.Result(text.TrimEnd('\n'));
            output.Document(rows, ProtocolJson.Indented.ResultRowArray);
        }));
        return command;
    }
}
