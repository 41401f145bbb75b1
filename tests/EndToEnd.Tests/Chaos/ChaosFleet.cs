using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Chaos;

/// <summary>A silo and an agent as two processes of their own, each of which can be killed and started again.</summary>
internal sealed class ChaosFleet : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly Sandbox sandbox = new();
    private readonly string programs;
    private readonly int http = FreePort();
    private readonly int grpc = FreePort();
    private readonly HttpClient client;
    private readonly TcpRelay line;
    private readonly List<FleetRun> agents = [];
    private FleetRun? silo;

    /// <param name="programs">The folder of the programs' folders.</param>
    public ChaosFleet(string programs)
    {
        this.programs = programs;
        line = new TcpRelay(grpc);
        client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}"), Timeout = TimeSpan.FromMinutes(1) };
    }

    /// <summary>The state folder of both.</summary>
    public string State => sandbox.State;

    /// <summary>Results that the agent has and the silo has not acknowledged.</summary>
    public int Journalled => Directory.GetFiles(Path.Combine(sandbox.State, "agent", "journal"), "*.report").Length;

    /// <summary>All that the agents said, one after the other.</summary>
    public string AgentLog => string.Concat(agents.Select(agent => agent.Error));

    public async Task StartSiloAsync()
    {
        silo = sandbox.StartProgram(
            ["dotnet", Program("Fleet.Silo", "fleet-silo"), "--state", sandbox.State, "--http", $"127.0.0.1:{http}", "--grpc", $"127.0.0.1:{grpc}"]);
        await silo.SaysAsync("is ready", Patience);
        var token = (await File.ReadAllTextAsync(Path.Combine(State, "token"))).Trim();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public void StartAgent() => agents.Add(
        sandbox.StartProgram(
        [
            "dotnet", Program("Fleet.DeviceAgent", "fleet-agent"), "run",
            "--silo", $"http://127.0.0.1:{line.Port}", "--state", Path.Combine(sandbox.State, "agent"), "--name", "chaos",
        ]));

    /// <returns>The campaign's id.</returns>
    public async Task<string> SubmitAsync(string text)
    {
        // Not through the launcher, which would look for changed sources each time.
        var run = sandbox.StartProgram(
            ["dotnet", Program("Fleet.Cli", "fleet-cli"), "campaign", "run", sandbox.File("chaos.yaml", text), "--detach", "--json"]);
        await run.WaitAsync(Patience);
        run.Succeeded();
        return (await CampaignsAsync())!.Value.EnumerateArray().Single().GetProperty("campaign").GetString()!;
    }

    /// <summary>Hits the victim, and brings it back after a while where nobody else does.</summary>
    /// <returns>False where no such process runs.</returns>
    public async Task<bool> StrikeAsync(Strike strike)
    {
        switch (strike.Victim)
        {
            case Victim.Silo:
                await silo!.KillAsync();
                await Task.Delay(strike.Gone);
                await StartSiloAsync();
                return true;
            case Victim.Agent:
                await agents[^1].KillAsync();
                await Task.Delay(strike.Gone);
                StartAgent();
                return true;
            case Victim.Line:
                line.Cut();
                await Task.Delay(strike.Gone);
                line.Mend();
                return true;
            default:
                return sandbox.Kill(Word(strike.Victim));
        }
    }

    public bool Runs(Victim victim) => victim == Victim.Line || sandbox.Running().Any(line => line.Contains(Word(victim), StringComparison.Ordinal));

    public async Task<string> StateAsync() =>
        await CampaignsAsync() is { } campaigns ? campaigns.EnumerateArray().Single().GetProperty("state").GetString()! : "unknown";

    /// <summary>Waits until the campaign has ended and every result is acknowledged.</summary>
    public async Task EndedAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await StateAsync() is "running" or "unknown" || Journalled > 0)
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"The campaign has not ended within {Patience.TotalSeconds} s: {await CampaignsAsync()}\n{this}");
            }

            await Task.Delay(100);
        }
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync(path));
        return document.RootElement.Clone();
    }

    public override string ToString() => $"--- silo\n{silo}\n--- agents\n{string.Join("\n---\n", agents)}";

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await line.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    private static string Word(Victim victim) => victim switch
    {
        Victim.Silo => "fleet-silo.dll",
        Victim.Agent => "fleet-agent.dll run",
        Victim.Worker => "fleet-agent.dll worker",
        _ => "fleet-trainer.dll",
    };

    // Null while the silo is away.
    private async Task<JsonElement?> CampaignsAsync()
    {
        try
        {
            return await GetAsync("/api/campaigns");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private string Program(string folder, string assembly) => Path.Combine(programs, folder, assembly + ".dll");

    // Not one of those that the system gives to outgoing connections: one of them could take it while the silo is away.
    private static int FreePort()
    {
        while (true)
        {
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, Random.Shared.Next(20_000, 30_000));
                probe.Start();
                return ((IPEndPoint)probe.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken: the next.
            }
        }
    }
}
