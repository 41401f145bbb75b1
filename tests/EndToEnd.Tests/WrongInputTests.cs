using System.Net;
using System.Net.Sockets;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

public sealed class WrongInputTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Every_mistake_of_a_campaign_file_is_named_at_once_with_its_line()
    {
        await using var sandbox = new Sandbox();
        var file = sandbox.File("wrong.yaml", """
            name: wrong
            task: uci-har
            variants:
              - method: dense
              - { method: hmd, compresion: 4 }
              - { method: lmf, compression: 400 }
            replicates: 0
            """);

        var run = await sandbox.RunAsync(Limit, "campaign", "run", file, "--data", Repository.Data("uci-har-subset"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("wrong.yaml:5:", run.Error, StringComparison.Ordinal);
        Assert.Contains("compression", run.Error, StringComparison.Ordinal);
        Assert.Contains("wrong.yaml:6:", run.Error, StringComparison.Ordinal);
        Assert.Contains("maximum", run.Error, StringComparison.Ordinal);
        Assert.Contains("wrong.yaml:7:", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
        await sandbox.NothingRunsAsync(Wait.Hanging);
    }

    [Fact]
    public async Task A_missing_data_folder_is_named()
    {
        await using var sandbox = new Sandbox();

        var run = await sandbox.RunAsync(Limit, "campaign", "run", "campaigns/uci-har.yaml", "--data", Path.Combine(sandbox.Folder, "nowhere"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nowhere", run.Error, StringComparison.Ordinal);
        await sandbox.NothingRunsAsync(Wait.Hanging);
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_the_way_out()
    {
        await using var sandbox = new Sandbox();
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;

        var run = await sandbox.RunAsync(Limit, "up", "--http", $"127.0.0.1:{port}", "--grpc", "127.0.0.1:0");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(port.ToString(), run.Error, StringComparison.Ordinal);
        Assert.Contains("--http", run.Error, StringComparison.Ordinal);
        await sandbox.NothingRunsAsync(Wait.Hanging);
    }

    [Fact]
    public async Task A_second_silo_on_the_same_state_is_refused_and_the_first_goes_on()
    {
        await using var sandbox = new Sandbox();
        var first = sandbox.Start("up", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0");
        var address = Path.Combine(sandbox.State, "silo.json");
        await Wait.UntilAsync(() => File.Exists(address), Limit, first.ToString);

        var second = await sandbox.RunAsync(Limit, "up", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0");

        Assert.Equal(1, second.ExitCode);
        Assert.Contains(sandbox.State, second.Error, StringComparison.Ordinal);
        Assert.False(first.HasExited, first.ToString());
        await first.InterruptAsync();
        await first.WaitAsync(Wait.Hanging);
        await sandbox.NothingRunsAsync(Wait.Hanging);
    }
}
