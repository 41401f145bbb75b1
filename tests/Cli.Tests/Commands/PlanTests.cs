using System.Text.Json;
using Fleet.Cli.Tests.Support;
using Fleet.Domain.Campaigns;
using Fleet.Os.Processes;
using Fleet.Protocol;

namespace Fleet.Cli.Tests.Commands;

/// <summary><c>fleet campaign plan</c> needs neither a silo nor data; with them it knows more.</summary>
public sealed class PlanTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Fact]
    public async Task Without_a_silo_the_plan_is_of_this_machine_and_none_is_started()
    {
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "plan", fleet.WriteCampaign(), "--json"));
        var plan = JsonSerializer.Deserialize(fleet.Out, ProtocolJson.Default.CampaignPlan)!;
        // One variant in two modes, of 20 s each; the data is made here, so that the machine's speed tells how long training takes.
        Assert.Equal(("quick", 1, 2, 40.0), (plan.Name, plan.Variants.Count, plan.Runs, plan.DeviceSecondsAtMost));
        Assert.True(plan.TrainingSeconds > 0);
        Assert.Equal("this machine", Assert.Single(plan.Devices).Board);
        Assert.Empty(fleet.Programs.Started);
    }

    [Fact]
    public async Task Without_its_data_a_campaign_is_planned_from_what_is_known_of_the_task()
    {
        var file = fleet.Folder["har.yaml"];
        File.WriteAllText(file, "name: har\ntask: uci-har\nvariants:\n  - method: dense\n  - { method: hmd, compression: [2, 4] }\n");
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "plan", file));
        Assert.Contains("hmd-4x", fleet.Out, StringComparison.Ordinal);
        // LSTM 9 -> 64: 18688 weights, 256 biases, a head of 6 * 65.
        Assert.Contains("19.3 k", fleet.Out, StringComparison.Ordinal);
        Assert.Contains("In all: 3 variants, 6 runs; training unknown, measuring at most 40 s a device.", fleet.Out, StringComparison.Ordinal);
        Assert.Contains("is known with the data: --data DIR", fleet.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_file_is_planned_before_its_data_is_there()
    {
        File.WriteAllText(
            fleet.Folder["task.yaml"], "task: waving\nchannels: [x, y]\nlabels: [rest, wave]\nsample_rate_hz: 25\ntraining: training.csv\ntest: test.csv\n");
        var file = fleet.Folder["mine.yaml"];
        File.WriteAllText(file, "name: mine\ntask: ./task.yaml\nmodel: { hidden: 8 }\nvariants:\n  - method: dense\n");
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "plan", file, "--json"));
        // LSTM 2 -> 8: 32 * 10 weights, 32 biases; a head of 2 * 9.
        Assert.Equal(320 + 32 + 18, Assert.Single(JsonSerializer.Deserialize(fleet.Out, ProtocolJson.Default.CampaignPlan)!.Variants).Parameters);
    }

    [Fact]
    public async Task Every_mistake_of_the_file_is_told_without_a_silo()
    {
        var file = fleet.Folder["wrong.yaml"];
        File.WriteAllText(file, "name: wrong\ntask: uci-hat\nvariants:\n  - method: dense\n  - { method: hdm, compression: 2 }\n");
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "plan", file));
        Assert.Contains("Unknown task 'uci-hat'.", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("Unknown method 'hdm'.", fleet.Error, StringComparison.Ordinal);
        Assert.Empty(fleet.Programs.Started);
    }

    [Fact]
    public async Task What_is_too_large_for_a_campaign_file_or_a_folder_is_wrong_usage()
    {
        var file = fleet.Folder["large.yaml"];
        File.WriteAllBytes(file, new byte[50 << 20]);
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "plan", file));
        Assert.Contains($"{file} is too large for a campaign file", fleet.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await fleet.RunAsync("campaign", "run", fleet.Folder.Path));
        Assert.Contains($"{fleet.Folder.Path} is a folder, not a campaign file.", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_means_the_newest_campaign_that_has_it()
    {
        await using var silo = await fleet.RunningSiloAsync();
        var one = Samples.Summary(CampaignStatus.Completed);
        silo.Campaigns.Add(one);
        silo.Campaigns.Add(one with { Campaign = "uci-har-ffffff", CreatedAt = one.CreatedAt.AddHours(1) });
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "show", one.Name, "--json"));
        Assert.Contains("GET /api/campaigns/uci-har-ffffff", silo.Requests);
    }
}
