using System.CommandLine;
using Fleet.Cli.Views;
using Fleet.Protocol;
using Fleet.Reports.Terminal;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet campaign show CAMPAIGN</c>: where it stands and the results so far.</summary>
internal static class CampaignShowCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var reference = CampaignCommand.ReferenceArgument();
        var bySeed = new Option<bool>("--by-seed") { Description = "Show each seed and replicate by itself, not their mean" };
        var command = new Command("show", "Show where a campaign stands and the results that it has") { reference, bySeed };
        command.SetAction(environment.HandleWithSilo(async (invocation, silo, cancel) =>
        {
            var output = invocation.Output;
            var id = (await silo.FindAsync(invocation.Get(reference)!, cancel).ConfigureAwait(false)).Campaign;
            var detail = await silo.Client.CampaignAsync(id, cancel).ConfigureAwait(false);
            output.Result(CampaignView.Render(detail, output.Width));
            var table = detail.Summary.RunsClosed > 0 ? await silo.Client.TableAsync(id, cancel).ConfigureAwait(false) : null;
            if (table is not null)
            {
                output.Result(ResultView.Render(table, output.Width, invocation.Get(bySeed)));
            }

            output.Document(detail with { Table = table }, ProtocolJson.Indented.CampaignDetail);
        }));
        return command;
    }
}
