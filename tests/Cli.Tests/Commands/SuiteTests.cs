using System.Text.Json;
using Fleet.Cli.Tests.Support;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;
using Fleet.Domain.Rankings;
using Fleet.Os.Processes;
using Fleet.Protocol;

namespace Fleet.Cli.Tests.Commands;

/// <summary>A file of several campaigns, run one after the other.</summary>
public sealed class SuiteTests : IDisposable
{
    private readonly CommandHarness fleet = new();

    public void Dispose() => fleet.Dispose();

    [Fact]
    public async Task Benchmarks_are_submitted_one_after_the_other_each_with_the_data_of_its_task()
    {
        await using var silo = await SuiteAsync(CampaignStatus.Completed);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--out", fleet.Folder["results"]));
        Assert.Equal(
            [("har", "synthetic-har"), ("kws", "synthetic-digits")],
            silo.Submissions.Select(submission => (submission.File.Benchmark!, Assert.Single(submission.Data).Task)));
        Assert.Equal(["har", "kws"], Directory.GetDirectories(fleet.Folder["results"]).Select(Path.GetFileName).Order());
        Assert.True(File.Exists(fleet.Folder["results", "kws", "report.html"]));
        Assert.Contains("Benchmark 2 of 2: kws", fleet.Error, StringComparison.Ordinal);
        Assert.Contains("fleet campaign report paper", fleet.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_the_rows_of_all_benchmarks_are_one_document()
    {
        await using var silo = await SuiteAsync(CampaignStatus.Completed);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--json"));
        Assert.Equal(2 * Samples.Table().Rows.Count, JsonSerializer.Deserialize(fleet.Out, ProtocolJson.Default.ResultRowArray)!.Length);
    }

    [Fact]
    public async Task A_benchmark_that_is_paused_ends_the_sitting()
    {
        await using var silo = await SuiteAsync(CampaignStatus.Paused);
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Equal("har", Assert.Single(silo.Submissions).File.Benchmark);
        Assert.Contains("fleet campaign resume", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_benchmark_that_fails_lets_the_others_run_and_makes_the_command_fail()
    {
        await using var silo = await SuiteAsync(CampaignStatus.Failed);
        Assert.Equal(ExitCodes.Failed, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign()));
        Assert.Equal(2, silo.Submissions.Count);
    }

    [Fact]
    public async Task Detaching_leaves_all_benchmarks_to_the_silo()
    {
        await using var silo = await SuiteAsync(CampaignStatus.Running);
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--detach", "--json"));
        Assert.Equal(2, silo.Submissions.Count);
        Assert.Equal(2, JsonSerializer.Deserialize(fleet.Out, ProtocolJson.Default.CampaignCreatedArray)!.Length);
    }

    [Fact]
    public async Task A_plan_has_every_benchmark()
    {
        var file = fleet.Folder["suite.yaml"];
        File.WriteAllText(
            file,
            "name: both\nbenchmarks:\n  - { name: one, task: synthetic-har }\n  - { name: two, task: uci-har, model: { hidden:"
                + " 8 } }\nvariants:\n  - method: dense\n");
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "plan", file, "--json"));
        var plans = JsonSerializer.Deserialize(fleet.Out, ProtocolJson.Default.CampaignPlanArray)!;
        Assert.Equal(2, plans.Length);

        Assert.Equal(["both-one", "both-two"], plans.Select(plan => plan.Name));

        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "plan", file));
        Assert.Contains($"]\n{plans[0].Name}\n", fleet.Out, StringComparison.Ordinal);
        Assert.Contains("In all: 2 variants, 4 runs; training unknown, measuring at most 1 min 20 s a device.", fleet.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Synthetic_is_told_to_the_silo_and_in_the_command_that_goes_on()
    {
        await using var silo = await fleet.StartableSiloAsync();
        fleet.Time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        silo.Connections.Add([Samples.Event(1, Samples.Summary())]);
        var running = fleet.RunAsync("campaign", "run", fleet.WriteCampaign(), "--synthetic");
        await Eventually.HoldsAsync(() => !silo.LastEventIds.IsEmpty && fleet.Error.Contains("event 1", StringComparison.Ordinal), "the campaign is followed");
        fleet.Interruption.Signal();
        Assert.Equal(ExitCodes.Interrupted, await running.WaitAsync(Eventually.Limit));
        Assert.True(Assert.Single(silo.Submissions).File.Synthetic);
        Assert.Contains("campaign.yaml --synthetic", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_beside_a_silo_that_stays_the_rest_is_said_to_wait()
    {
        await using var silo = await SuiteAsync(CampaignStatus.Running);
        var running = fleet.RunAsync("campaign", "run", fleet.WriteCampaign());
        await Eventually.HoldsAsync(() => !silo.LastEventIds.IsEmpty && fleet.Error.Contains("event 1", StringComparison.Ordinal), "the campaign is followed");
        fleet.Interruption.Signal();
        Assert.Equal(ExitCodes.Interrupted, await running);
        Assert.Contains("continue with the benchmarks after it: fleet campaign run", fleet.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_of_a_suite_has_the_latest_campaign_of_each_benchmark()
    {
        await using var silo = await fleet.RunningSiloAsync();
        silo.Campaigns.AddRange(
        [
            Samples.Summary(CampaignStatus.Completed, id: "paper-har-1", name: "paper-har") with { Suite = "paper" },
            Samples.Summary(CampaignStatus.Completed, id: "paper-har-2", name: "paper-har", createdSeconds: 10) with { Suite = "paper" },
            Samples.Summary(CampaignStatus.Completed, id: "paper-kws-1", name: "paper-kws", createdSeconds: 20) with { Suite = "paper" },
            Samples.Summary(CampaignStatus.Completed, id: "other-1", name: "paper-kws", createdSeconds: 30),
        ]);
        silo.Table = Samples.Table() with { ClaimsAsked = true, Claims = [Claim] };
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "report", "paper", "--out", fleet.Folder["out.html"]));
        Assert.Equal(["out-har.html", "out-kws.html", "out.html"], Directory.GetFiles(fleet.Folder[""], "*.html").Select(Path.GetFileName).Order());
        Assert.Equal(
            ["GET /api/suites/paper/report", "GET /api/campaigns/paper-har-2/report", "GET /api/campaigns/paper-kws-1/report"],
            silo.Requests.Where(request => request.EndsWith("/report", StringComparison.Ordinal)));
        Assert.Contains("hmd-4x runs faster than pruned-4x", fleet.Out, StringComparison.Ordinal);
        Assert.Contains("hmd runs faster than pruning: holds in 2 of 2, does not in 0, not decided in 0.", fleet.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_markdown_a_report_has_results_over_seeds_and_the_claims_with_their_intervals()
    {
        await using var silo = await fleet.RunningSiloAsync();
        silo.Campaigns.Add(Samples.Summary(CampaignStatus.Completed, 5, 10));
        var dense = Samples.Row("dense", 1, "reference", 0.90, best: true);
        var hmd = Samples.Row("hmd-4x", 0.4, "faster", 0.88, best: true);
        silo.Table = Samples.TableOf(
            Samples.Summary(CampaignStatus.Completed, 5, 10),
            [dense, hmd, dense with { Row = dense.Row with { Seed = 2 } },
                hmd with { Row = hmd.Row with { Seed = 2, MetricValue = 0.92,
                RatioToReference = new Ratio { Value = 0.9, Low = 0.8, High = 1, Rounds = 9 } } }]) with
        {
            ClaimsAsked = true,
            Claims = [Claim, Claim with { Kind = ClaimKinds.BetterThanLowRank, Against = "lmf-4x", Mode = null, Measure = "accuracy", Value = 0.034,
                Low = -0.011, High = 0.079, Verdict = ClaimWords.NotDecided }],
        };
        Assert.Equal(ExitCodes.Done, await fleet.RunAsync("campaign", "report", "uci-har", "--markdown"));
        Assert.Contains("| hmd-4x | 90.0 % (88.0-92.0 %) | +0.0 undecided | 0.600 (0.400-0.900) | 4.02x | 32.2 kB |", fleet.Out, StringComparison.Ordinal);
        Assert.Contains(
            "| uci-har | hmd-4x runs faster than pruned-4x | window | 0.256 | 0.241 to 0.272 (95 %) | 3 | holds |", fleet.Out, StringComparison.Ordinal);
        Assert.Contains(
            "| uci-har | hmd-4x is more accurate than lmf-4x | - | +3.4 points | -1.1 points to +7.9 points (95 %) | 3 | not decided |",
            fleet.Out,
            StringComparison.Ordinal);
        Assert.Contains(
            "- hmd is more accurate than low-rank factorisation: holds in 0 of 1, does not in 0, not decided in 1.", fleet.Out, StringComparison.Ordinal);
    }

    private static ClaimVerdict Claim { get; } = new()
    {
        Kind = ClaimKinds.FasterThanPruned,
        Task = "uci-har",
        Variant = "hmd-4x",
        Against = "pruned-4x",
        Device = Samples.Device,
        Board = "Raspberry Pi 4",
        Mode = "window",
        Measure = "run_time",
        Value = 0.256,
        Low = 0.241,
        High = 0.272,
        Confidence = 0.95,
        Seeds = 3,
        Verdict = ClaimWords.Holds,
    };

    private async Task<FakeSilo> SuiteAsync(CampaignStatus state)
    {
        var silo = await fleet.RunningSiloAsync();
        silo.Check = new CampaignCheck
        {
            Problems = [],
            Tasks = ["synthetic-har", "synthetic-digits"],
            Benchmarks = [new BenchmarkCheck { Name = "har", Tasks = ["synthetic-har"] }, new BenchmarkCheck { Name = "kws", Tasks = ["synthetic-digits"] }],
        };
        silo.Table = Samples.Table() with { ClaimsAsked = true, Claims = [Claim] };
        silo.Connections.Add([Samples.Event(1, Samples.Summary(state, 5, 10, name: "paper-har") with { Suite = "paper" })]);
        return silo;
    }
}
