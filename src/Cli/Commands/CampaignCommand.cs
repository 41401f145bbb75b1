using System.CommandLine;
using Fleet.Campaigns.Language;
using Fleet.Cli.Campaigns;
using Fleet.Cli.Failures;
using Fleet.Cli.Silos;
using Fleet.Domain.Campaigns;
using Fleet.Protocol.Api;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet campaign ...</c>, and what its commands share.</summary>
internal static class CampaignCommand
{
    public static Command Create(CommandEnvironment environment) => new("campaign", "Plan, run and look at campaigns")
    {
        CampaignPlanCommand.Create(environment),
        CampaignRunCommand.Create(environment),
        CampaignWatchCommand.Create(environment),
        CampaignListCommand.Create(environment),
        CampaignShowCommand.Create(environment),
        CampaignControlCommand.Create(environment, "pause", "Stop training and measuring, keeping all that is done", ApiRoutes.PauseCampaign),
        CampaignControlCommand.Create(environment, "resume", "Resume a paused campaign", ApiRoutes.ResumeCampaign),
        CampaignControlCommand.Create(environment, "cancel", "End a campaign for good, keeping the results that it has", ApiRoutes.CancelCampaign),
        CampaignReportCommand.Create(environment),
        CampaignExportCommand.Create(environment),
    };

    public static Argument<string> FileArgument() => new("FILE") { Description = "The campaign file (YAML)" };

    public static Argument<string> ReferenceArgument() => new("CAMPAIGN")
    {
        Description = $"Its id, the beginning of its id, its name (the newest of that name), or '{CampaignReference.Last}'",
    };

    public static Option<string[]> DataOption() => new("--data")
    {
        Description = "Folder of the data set; with several tasks, TASK=DIR for each",
        HelpName = "[TASK=]DIR",
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    public static Option<bool> SyntheticOption() => new("--synthetic")
    {
        Description = "Take data that Fleet makes itself in place of every data set; the results are then of a campaign of another name",
    };

    public static Option<string?> OutOption() => new("--out")
    {
        Description = $"Folder to write {ResultFiles.Results} and {ResultFiles.Report} into",
        HelpName = "DIR",
    };

    /// <param name="synthetic">As <c>--synthetic</c> says.</param>
    /// <exception cref="CommandFailedException">There is no such file.</exception>
    public static CampaignFile Read(string path, bool synthetic)
    {
        try
        {
            return new CampaignFile { Text = ReadText(path), Source = path, Synthetic = synthetic };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Usage($"The campaign file {path} cannot be read: {error.Message}");
        }
    }

    // No more than a campaign file may have, whatever the file is: a model, a device, the wrong path.
    private static string ReadText(string path)
    {
        if (Directory.Exists(path))
        {
            throw CommandFailedException.Usage(
                $"{path} is a folder, not a campaign file.", $"Name a file in it, such as {Path.Combine(path, "campaign.yaml")}");
        }

        using var reader = new StreamReader(path);
        var text = new char[CampaignFiles.MaxCharacters + 1];
        var length = reader.ReadBlock(text);
        return length <= CampaignFiles.MaxCharacters
            ? new string(text, 0, length)
            : throw CommandFailedException.Usage(
                $"{path} is too large for a campaign file: it has more than {CampaignFiles.MaxCharacters} characters.", "Is it the right file?");
    }

    public static Task<CampaignSummary> FindAsync(this SiloConnection silo, string reference, CancellationToken cancel) =>
        CampaignReference.CampaignAsync(silo.Client, reference, cancel);
}
