using System.Text.Json;
using Fleet.Cli.Tests.Support;
using Fleet.Domain.Campaigns;
using Fleet.Os.Processes;
using Fleet.Protocol;

namespace Fleet.Cli.Tests.Commands;

public sealed class RunTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Fact]
    public async Task A_campaign_runs_to_its_end_and_shows_its_results()
    {
        await using var silo = await FinishedAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Contains("hmd-4x", fleet.Out, StringComparison.Ordinal);
        Assert.Contains($"fleet campaign report {Samples.Campaign}", fleet.Out, StringComparison.Ordinal);
        Assert.Contains("event 2", fleet.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("event 2", fleet.Out, StringComparison.Ordinal);
        var submission = Assert.Single(silo.Submissions);
        Assert.Equal("synthetic-har", Assert.Single(submission.Data).Task);
    }

    [Fact]
    public async Task With_json_the_rows_are_all_that_standard_output_holds()
    {
        await using var silo = await FinishedAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--json"));
        var rows = JsonSerializer.Deserialize(fleet.Out, ProtocolJson.Default.ResultRowArray)!;
        Assert.Equal(Samples.Table().Rows.Count, rows.Length);
        Assert.Contains("event 2", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_says_nothing_on_the_way()
    {
        await using var silo = await FinishedAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--quiet"));
        Assert.Empty(fleet.Error);
    }

    [Fact]
    public async Task Mistakes_of_the_file_are_shown_with_their_place_and_nothing_is_sent()
    {
        await using var silo = await fleet.RunningSiloAsync();
        silo.Check = new CampaignCheck
        {
            Tasks = [],
            Problems =
            [
                new FileProblem
                {
                    Source = "campaign.yaml", Line = 3, Column = 1, Message = "Unknown key 'varaints'.", Suggestion = "Did you mean 'variants'?",
                },
                new FileProblem
                {
                    Source = "campaign.yaml", Line = 7, Column = 5, Message = "compression 90 is impossible here.", Suggestion = "Between 1.1 and 31.",
                },
            ],
        };
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Contains("campaign.yaml:3:1: Unknown key 'varaints'.", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'variants'?", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("campaign.yaml:7:5: compression 90 is impossible here.", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("2 mistakes", fleet.Error, StringComparison.Ordinal);
        Assert.Empty(silo.Submissions);
        Assert.Empty(silo.Artefacts);
    }

    [Fact]
    public async Task Data_that_the_silo_has_is_not_sent_again()
    {
        await using var silo = await FinishedAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Equal(2, silo.Requests.Count(request => request.StartsWith("PUT", StringComparison.Ordinal)));
        Assert.All(silo.Artefacts, pair => Assert.Equal(pair.Key, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(pair.Value))));
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Equal(2, silo.Requests.Count(request => request.StartsWith("PUT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_task_that_needs_a_folder_says_so()
    {
        await using var silo = await fleet.RunningSiloAsync();
        silo.Check = new CampaignCheck { Problems = [], Tasks = ["uci-har"] };
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Contains("The campaign needs the data of uci-har.", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("--data DIR", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_is_not_there_is_named()
    {
        await using var silo = await fleet.RunningSiloAsync();
        silo.Check = new CampaignCheck { Problems = [], Tasks = ["uci-har"] };
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--data", fleet.Folder["gone"]));
        Assert.Contains(fleet.Folder["gone"], fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unfinished_campaign_is_said_to_go_on()
    {
        await using var silo = await FinishedAsync();
        silo.Resumed = true;
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Contains("Going on with campaign uci-har-3f2a9c where it was.", fleet.Error, StringComparison.Ordinal);
        Assert.False(silo.Submissions.First().AlwaysNew);
    }

    [Fact]
    public async Task New_asks_for_a_campaign_of_its_own()
    {
        await using var silo = await FinishedAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--new"));
        Assert.True(silo.Submissions.First().AlwaysNew);
    }

    [Fact]
    public async Task Runs_that_failed_make_the_command_fail_and_the_results_are_still_shown()
    {
        await using var silo = await fleet.RunningSiloAsync();
        silo.Connections.Add([Samples.Event(1, Samples.Summary(CampaignStatus.Completed, 5, 10, runsFailed: 2))]);
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Contains("2 of 10 runs failed", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("hmd-4x", fleet.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Out_gets_the_rows_and_the_report()
    {
        await using var silo = await FinishedAsync();
        var folder = fleet.Folder["results", "new"];
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--out", folder));
        Assert.Equal(["report.html", "results.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        var rows = JsonSerializer.Deserialize(await File.ReadAllTextAsync(Path.Combine(folder, "results.json")), ProtocolJson.Default.ResultRowArray)!;
        Assert.Equal(Samples.Table().Rows.Count, rows.Length);
    }

    [Fact]
    public async Task An_out_folder_that_cannot_be_is_found_out_before_the_work()
    {
        await using var silo = await FinishedAsync();
        var file = fleet.WriteCampaign();
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "run", file, "--out", file));
        Assert.Contains("cannot be written", fleet.Error, StringComparison.Ordinal);
        Assert.Empty(silo.Submissions);
    }

    [Fact]
    public async Task Detaching_leaves_the_campaign_to_the_silo()
    {
        await using var silo = await fleet.RunningSiloAsync();
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--detach", "--json"));
        Assert.Equal(Samples.Campaign, JsonSerializer.Deserialize(fleet.Out, ProtocolJson.Default.CampaignCreated)!.Campaign);
    }

    [Fact]
    public async Task Detaching_needs_a_silo_that_stays()
    {
        Assert.Equal(ExitCodes.Unreachable, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--detach"));
        Assert.Contains("fleet up", fleet.Error, StringComparison.Ordinal);
        Assert.Empty(fleet.Programs.Started);
    }

    [Fact]
    public async Task Quickstart_starts_what_it_needs_writes_its_files_and_stops_all()
    {
        await using var silo = await fleet.StartableSiloAsync();
        silo.Connections.Add([Samples.Event(1, Samples.Summary(CampaignStatus.Completed, 5, 10))]);
        var folder = fleet.Folder["out"];
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("quickstart", "--out", folder));
        Assert.Equal(["fleet-silo", "fleet-agent"], fleet.Programs.Started.Select(program => program.Program.Assembly));
        Assert.All(fleet.Programs.Started, program => Assert.True(program.HasExited));
        Assert.All(fleet.Programs.Started, program => Assert.False(program.Killed));
        Assert.Contains("task: synthetic-har", silo.Submissions.First().File.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "results.json")));
        Assert.True(File.Exists(Path.Combine(folder, "report.html")));
        Assert.Contains("window mode: Not decided: hmd-2x is 1.63 times as fast as dense", fleet.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_all_is_invalid_the_command_fails_and_says_why_and_what_to_do()
    {
        await using var silo = await fleet.StartableSiloAsync();
        silo.Table = Samples.AllInvalid();
        silo.Connections.Add([Samples.Event(1, silo.Table.Summary)]);
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("quickstart", "--out", fleet.Folder["out"]));
        Assert.Contains("No run could be ranked: all 7 runs are invalid.", fleet.Out, StringComparison.Ordinal);
        Assert.Contains("core-taken, 7 runs", fleet.Out, StringComparison.Ordinal);
        Assert.Contains("on a quiet machine", fleet.Out, StringComparison.Ordinal);
        Assert.Contains($"fleet why {Samples.Campaign} --state {fleet.State}", fleet.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" yet", fleet.Out + fleet.Error, StringComparison.Ordinal);
    }

    private async Task<FakeSilo> FinishedAsync()
    {
        var silo = await fleet.RunningSiloAsync();
        silo.Connections.Add(
            [Samples.Event(1, Samples.Summary()), Samples.Event(2, Samples.Summary()), Samples.Event(3, Samples.Summary(CampaignStatus.Completed, 5, 10))]);
        return silo;
    }
}
