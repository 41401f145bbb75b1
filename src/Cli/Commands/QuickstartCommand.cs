using System.CommandLine;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Data;
using Fleet.Domain.Campaigns;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet quickstart --out DIR</c>: a whole campaign on data that the product makes, on this machine alone.</summary>
internal static class QuickstartCommand
{
    private const string CampaignName = "quickstart.yaml";

    public static Command Create(CommandEnvironment environment)
    {
        var outFolder = CampaignCommand.OutOption();
        outFolder.Required = true;
        var command = new Command(
            "quickstart", "Compress a small model in five ways, measure all of them on this machine, and show which is best") { outFolder };
        command.SetAction(environment.Handle((invocation, cancel) =>
        {
            var folder = invocation.Get(outFolder)!;
            return invocation.Runner().RunAsync(
                new CampaignOrder
                {
                    File = new CampaignFile { Text = CampaignText(), Source = CampaignName },
                    Data = new DataFolders([]),
                    Out = folder,
                    Again = $"fleet quickstart --out {folder}",
                    Explain = true,
                },
                cancel);
        }));
        return command;
    }

    internal static string CampaignText()
    {
        using var resource = typeof(QuickstartCommand).Assembly.GetManifestResourceStream(CampaignName)
            ?? throw new InvalidOperationException($"The resource {CampaignName} is missing from the build.");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
