using System.CommandLine;
using System.Text;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Silos;
using Fleet.Cli.Terminals;
using Fleet.Domain.Campaigns;
using Fleet.Protocol;
using Fleet.Reports.Markdown;
using Fleet.Reports.Terminal;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet campaign report CAMPAIGN</c>: writes the report of a campaign, or of all campaigns of a suite.</summary>
internal static class CampaignReportCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var reference = new Argument<string>("CAMPAIGN")
        {
            Description = $"Its id, the beginning of its id, its name, '{CampaignReference.Last}', or the name of a suite",
        };
        var file = new Option<string?>("--out") { Description = $"File to write, or a folder for it [default: {ResultFiles.Report}]", HelpName = "FILE" };
        var markdown = new Option<bool>("--markdown") { Description = "Print results and published claims as Markdown, or write them where --out is given" };
        var command = new Command(
            "report", "Write the report of a campaign as one HTML file; of a suite, one of all and one for each benchmark") { reference, file, markdown };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var output = invocation.Output;
            var told = invocation.Get(file);
            var named = invocation.Get(reference)!;
            var suite = await CampaignReference.SuiteAsync(silo.Client, named, cancel).ConfigureAwait(false);
            IReadOnlyList<CampaignSummary> campaigns = suite.Count > 0 ? suite : [await silo.FindAsync(named, cancel).ConfigureAwait(false)];
            if (invocation.Get(markdown))
            {
                var tables = await TablesAsync(silo, campaigns, cancel).ConfigureAwait(false);
                var text = MarkdownReport.Of(tables);
                if (told is null)
                {
                    output.Result(text.TrimEnd('\n'));
                }
                else
                {
                    var target = InFolder(told, Path.ChangeExtension(ResultFiles.Report, "md"));
                    ResultFiles.Write(target, Encoding.UTF8.GetBytes(text));
                    output.Result($"Written: {target}");
                }

                output.Document([.. tables], ProtocolJson.Indented.CampaignTableArray);
                return;
            }

            var path = InFolder(told ?? ResultFiles.Report, ResultFiles.Report);
            if (suite.Count == 0)
            {
                output.Document(
                    await WriteAsync(output, path, campaigns[0].Campaign, silo.Client.ReportAsync, cancel).ConfigureAwait(false),
                    CommandJson.Default.WrittenFile);
                return;
            }

            var written = new List<WrittenFile> { await WriteAsync(output, path, suite[0].Suite!, silo.Client.SuiteReportAsync, cancel).ConfigureAwait(false) };
            foreach (var campaign in suite)
            {
                var beside = Path.Combine(
                    Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}-{campaign.Benchmark}{Path.GetExtension(path)}");
                written.Add(await WriteAsync(output, beside, campaign.Campaign, silo.Client.ReportAsync, cancel).ConfigureAwait(false));
            }

            CampaignTable[] judged = output.Json ? [] : [.. (await TablesAsync(silo, suite, cancel).ConfigureAwait(false)).Where(table => table.ClaimsAsked)];
            if (judged.Length > 0)
            {
                output.Result(ClaimView.Render(judged, output.Width));
            }

            output.Document([.. written], CommandJson.Default.WrittenFileArray);
        }));
        return command;
    }

    private static string InFolder(string told, string name) => Path.GetFullPath(Directory.Exists(told) ? Path.Combine(told, name) : told);

    private static async Task<WrittenFile> WriteAsync(
        Output output, string path, string name, Func<string, CancellationToken, Task<byte[]>> fetch, CancellationToken cancel)
    {
        var report = await fetch(name, cancel).ConfigureAwait(false);
        ResultFiles.Write(path, report);
        output.Result($"Written: {path}");
        return new WrittenFile(name, path, report.Length);
    }

    private static async Task<IReadOnlyList<CampaignTable>> TablesAsync(SiloConnection silo, IReadOnlyList<CampaignSummary> campaigns, CancellationToken cancel)
    {
        var tables = new List<CampaignTable>();
        foreach (var campaign in campaigns)
        {
            tables.Add(await silo.Client.TableAsync(campaign.Campaign, cancel).ConfigureAwait(false));
        }

        return tables;
    }
}
