using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Boards;

/// <summary>The packaged ARM64 agent, the very binary that a board gets, under user-mode emulation.</summary>
public sealed class EmulatedArmTests(AgentPackages packages)
{
    private const string Emulator = "qemu-aarch64-static";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(40);

    [Fact]
    public async Task An_x64_and_an_ARM64_agent_serve_the_uci_har_campaign_with_the_same_accuracies()
    {
        Need.EmulatedArm();
        var agent = await packages.AheadOfTimeAsync("arm64");
        await using var sandbox = new Sandbox();
        var silo = sandbox.Start("up", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0");
        var address = await sandbox.SiloAsync(silo, Limit);
        // The kernel need not know what to do with a program of another architecture: the agent is told, for its worker.
        var board = sandbox.StartProgram(
            [Emulator, agent.Binary, "run", "--silo", address, "--state", Path.Combine(sandbox.Folder, "board"), "--name", "board"],
            ("FLEET_AGENT_EXEC", Emulator));
        await board.SaysAsync("connected to the silo", Limit);
        // As it ships, but not measured longer than an emulated board is worth.
        var campaign = sandbox.File(
            "uci-har.yaml",
            File.ReadAllText(Path.Combine(Repository.Root, "campaigns", "uci-har.yaml")) + "measuring: { time_limit: 5s }\n");

        var run = await sandbox.RunAsync(Patience, "campaign", "run", campaign, "--data", Repository.Data("uci-har-subset"), "--json");

        Assert.True(run.ExitCode == 0, $"{run}\n--- silo\n{silo}\n--- board\n{board}");
        var rows = run.Json().EnumerateArray().ToArray();
        Assert.Equal(20, rows.Length);
        Assert.Equal(20, rows.Select(row => row.GetProperty("run").GetString()).Distinct().Count());
        var arm = rows.Where(row => row.GetProperty("arch").GetString() == "arm64").ToDictionary(Condition);
        var x64 = rows.Where(row => row.GetProperty("arch").GetString() == "x64").ToDictionary(Condition);
        Assert.Equal(10, arm.Count);
        Assert.Equal(arm.Keys.Order(), x64.Keys.Order());
        foreach (var (condition, row) in arm)
        {
            Assert.Equal(
                (true, "neon", "aot"),
                (row.GetProperty("emulated").GetBoolean(), row.GetProperty("isa").GetString()!, row.GetProperty("runtime").GetString()!));
            Assert.Equal((false, "jit"), (x64[condition].GetProperty("emulated").GetBoolean(), x64[condition].GetProperty("runtime").GetString()!));
            Assert.True(row.GetProperty("metric_value").GetDouble() > 0.8, $"{condition}: {row}");
            Assert.Equal(x64[condition].GetProperty("metric_value").GetDouble(), row.GetProperty("metric_value").GetDouble(), tolerance: 0.002);
            Assert.Equal(x64[condition].GetProperty("variant").GetString(), row.GetProperty("variant").GetString());
        }

        var report = Path.Combine(sandbox.Folder, "report.html");
        (await sandbox.RunAsync(Limit, "campaign", "report", "last", "--out", report)).Succeeded();
        Assert.Contains("(emulated)", File.ReadAllText(report), StringComparison.Ordinal);

        await board.InterruptAsync();
        await board.WaitAsync(Limit);
        Assert.Equal(130, board.ExitCode);
        await silo.InterruptAsync();
        await sandbox.NothingRunsAsync(Limit);
    }

    private static string Condition(JsonElement row) => $"{row.GetProperty("variant_name").GetString()} {row.GetProperty("mode").GetString()}";
}
