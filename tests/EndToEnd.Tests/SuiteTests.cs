using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

public sealed class SuiteTests
{
    private const string Suite = """
        name: tiny
        claims: hmd
        variants:
          - method: dense
          - { method: hmd, compression: 2 }
          - { method: pruned, compression: 2 }
        training: { epochs: 1 }
        measuring: { min_rounds: 2, max_rounds: 4, block: 10ms, time_limit: 5s }
        benchmarks:
          - { name: lstm, task: uci-har, model: { cell: lstm, hidden: 32 } }
          - { name: bilstm, task: uci-har, model: { cell: lstm, hidden: 24, bidirectional: true } }
        """;

    [Fact]
    public async Task A_suite_run_again_trains_and_measures_nothing_and_its_report_has_the_verdicts()
    {
        await using var sandbox = new Sandbox();
        var file = sandbox.File("tiny.yaml", Suite);
        var rows = await RunAsync(sandbox, file);
        // Three variants in two modes, and in one: a model that reads from both ends has no streaming mode.
        Assert.Equal(9, rows.Length);

        Assert.Equal(rows, await RunAsync(sandbox, file));
        var jobs = await sandbox.RunAsync(Wait.Hanging, "job", "list", "--json");
        Assert.Equal(6, jobs.Json().GetArrayLength());

        var report = await sandbox.RunAsync(Wait.Hanging, "campaign", "report", "tiny-synthetic", "--markdown");
        report.Succeeded();
        Assert.Contains("### bilstm", report.Output, StringComparison.Ordinal);
        Assert.Contains("| bilstm | hmd-2x runs faster than pruned-2x | window |", report.Output, StringComparison.Ordinal);
        Assert.Contains(
            "hmd is no less accurate than the reference: holds in 0 of 2, does not in 0, not decided in 2.", report.Output, StringComparison.Ordinal);
    }

    /// <returns>Of every row its run and when it was measured.</returns>
    private static async Task<(string?, string?)[]> RunAsync(Sandbox sandbox, string file)
    {
        var run = await sandbox.RunAsync(TimeSpan.FromMinutes(15), "campaign", "run", file, "--synthetic", "--json");
        run.Succeeded();
        await sandbox.NothingRunsAsync(Wait.Hanging);
        return [.. run.Json().EnumerateArray().Select(row => (row.GetProperty("run").GetString(), row.GetProperty("started_at").GetString())).Order()];
    }
}
