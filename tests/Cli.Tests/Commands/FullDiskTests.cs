using Fleet.Cli.Tests.Support;
using Fleet.Domain.Campaigns;
using Fleet.EndToEnd.Tests.Support;
using Fleet.Os.Processes;

namespace Fleet.Cli.Tests.Commands;

/// <summary>A disk that is full is a failure (1) with its place and a way out, and no mistake of the person's (2) nor ours.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Theory]
    [InlineData("report", "full/report.html")]
    [InlineData("export", "full/rows.csv")]
    public async Task Where_an_answer_does_not_fit_the_command_fails_and_leaves_nothing_half_written(string command, string file)
    {
        await using var silo = await fleet.RunningSiloAsync();
        silo.Campaigns.Add(Samples.Summary(CampaignStatus.Completed, 5, 10));
        using var disk = new SmallDisk(fleet.Folder["full"], 1);
        disk.Fill();

        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("campaign", command, Samples.Campaign, "--out", fleet.Folder[file]));

        Assert.Contains("No space left on device", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("Free some space", fleet.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("should not have happened", fleet.Error, StringComparison.Ordinal);
        Assert.Equal(["ballast"], Directory.GetFiles(fleet.Folder["full"]).Select(Path.GetFileName));
    }
}
