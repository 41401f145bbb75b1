using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

public sealed class InterruptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private const string Campaign = """
        name: interrupted
        task: synthetic-har
        model: { cell: lstm, hidden: 32 }
        training: { epochs: 8 }
        variants:
          - method: dense
          - { method: hmd, compression: 3 }
        measuring: { time_limit: 5s }
        """;

    [Theory]
    [InlineData("training", "fleet-trainer")]
    [InlineData("measuring", "fleet-agent.dll worker")]
    public async Task Ctrl_C_stops_everything_and_the_campaign_goes_on_where_it_was(string moment, string process)
    {
        await using var sandbox = new Sandbox();
        var file = sandbox.File("interrupted.yaml", Campaign);
        var first = sandbox.Start("campaign", "run", file);
        await Wait.UntilAsync(
            () => first.HasExited || sandbox.Running().Any(running => running.Contains(process, StringComparison.Ordinal)),
            Patience,
            () => $"No {moment}.\n{first}");
        Assert.False(first.HasExited, first.ToString());

        await first.InterruptAsync();
        await first.WaitAsync(Wait.Hanging);
        await sandbox.NothingRunsAsync(Wait.Hanging);

        Assert.True(first.ExitCode == 130, first.ToString());

        var second = await sandbox.RunAsync(Patience, "campaign", "run", file, "--json");
        second.Succeeded();
        Assert.Equal(4, second.Json().GetArrayLength());
        var list = await sandbox.RunAsync(Patience, "campaign", "list", "--json");
        var campaign = Assert.Single(list.Json().EnumerateArray().ToArray());
        Assert.Equal("completed", campaign.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_terminal_that_is_closed_stops_silo_and_agent_in_order()
    {
        await using var sandbox = new Sandbox();
        var up = sandbox.Start("up", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0");
        await up.SaysAsync("Ctrl-C stops everything", Patience);

        await up.HangUpAsync();
        await up.WaitAsync(Wait.Hanging);
        await sandbox.NothingRunsAsync(Wait.Hanging);

        Assert.True(up.ExitCode == 0, up.ToString());
        Assert.Contains("Stopped.", up.Error, StringComparison.Ordinal);
        // A silo that had no time to stop would have left it.
        Assert.False(File.Exists(Path.Combine(sandbox.State, "silo.json")));
    }

    [Fact]
    public async Task Ctrl_C_at_any_moment_of_the_start_leaves_nothing_running()
    {
        await using var sandbox = new Sandbox();
        var file = sandbox.File("interrupted.yaml", Campaign);
        foreach (var milliseconds in new[] { 20, 150, 400, 800, 1500, 2500 })
        {
            var run = sandbox.Start("campaign", "run", file);
            await Wait.UntilAsync(() => run.Elapsed.TotalMilliseconds >= milliseconds, Patience, run.ToString);

            await run.InterruptAsync();
            await run.WaitAsync(Wait.Hanging);
            await sandbox.NothingRunsAsync(Wait.Hanging);

            Assert.True(run.ExitCode == 130, $"Interrupted after {milliseconds} ms.\n{run}");
        }
    }
}
