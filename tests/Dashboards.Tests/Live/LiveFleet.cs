using System.Runtime.InteropServices;
using Fleet.Dashboards.Tests.Tools;
using Fleet.EndToEnd.Tests.Support;
using Fleet.Os.State;
using SiloAddress = Fleet.Os.State.SiloAddress;

// Orleans has one too.

namespace Fleet.Dashboards.Tests.Live;

/// <summary>A real silo with a real agent, a visiting board, and a real Prometheus that watches them. Everything ends with it.</summary>
internal sealed class LiveFleet : IAsyncDisposable
{
    /// <summary>The launcher may have to build the product first.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan CampaignLimit = TimeSpan.FromMinutes(20);
    private static readonly string Arch = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";

    /// <summary>Large enough that inferences are timed one by one, small enough that training is over in seconds.</summary>
    private static readonly string Campaign = $$"""
        name: watched
        task: synthetic-har
        model: { cell: lstm, hidden: 64 }
        training: { epochs: 6 }
        devices: [arch={{Arch}}]
        variants:
          - method: dense
          - { method: hmd, compression: [2, 4] }
          - { method: lmf, compression: 4 }
        conditions: { modes: [window] }
        measuring: { time_limit: 30s }
        """;

    private readonly Sandbox sandbox = new();
    private VisitingBoard? board;

    private LiveFleet()
    {
    }

    public PrometheusProcess Prometheus { get; private set; } = null!;

    public static async Task<LiveFleet> StartAsync()
    {
        Tool.Need("prometheus");
        Tool.Need("python3");
        var fleet = new LiveFleet();
        try
        {
            await fleet.BeginAsync();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the campaign to its end; a second time it only measures, for what it trained is there.</summary>
    public async Task RunCampaignAsync()
    {
        var run = await sandbox.RunAsync(CampaignLimit, "campaign", "run", sandbox.File("watched.yaml", Campaign), "--new");
        run.Succeeded();
    }

    public async ValueTask DisposeAsync()
    {
        if (Prometheus is not null)
        {
            await Prometheus.DisposeAsync();
        }

        if (board is not null)
        {
            await board.DisposeAsync();
        }

        await sandbox.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        var silo = sandbox.Start("up", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0");
        SiloAddress? address = null;
        await Wait.UntilAsync(() => (address = SiloAddress.TryRead(sandbox.State)) is not null || silo.HasExited, StartLimit, silo.ToString);
        Assert.False(silo.HasExited, silo.ToString());
        board = new VisitingBoard(address!.Grpc, AccessToken.TryRead(Path.Combine(sandbox.State, AccessToken.FileName))!, Arch == "x64" ? "arm64" : "x64");
        Prometheus = await PrometheusProcess.StartAsync(Path.Combine(sandbox.Folder, "prometheus"), new Uri(address.Http).Authority, sandbox.State);
    }
}
