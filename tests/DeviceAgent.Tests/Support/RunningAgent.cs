using System.Diagnostics;
using Fleet.DeviceAgent.Hosting;
using Fleet.DeviceAgent.Worker;

namespace Fleet.DeviceAgent.Tests.Support;

/// <summary>A real agent in this process, with real workers.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Agent agent;

    public RunningAgent(Uri silo, string state, Func<string, ProcessStartInfo>? worker = null)
    {
        agent = new Agent(
            new AgentOptions
            {
                Silo = silo,
                StateFolder = state,
                TokenFile = Path.Combine(state, "token"),
                Name = "bench",
                Tags = new Dictionary<string, string> { ["room"] = "attic" },
                FirstBackoff = TimeSpan.FromMilliseconds(20),
                MaxBackoff = TimeSpan.FromMilliseconds(100),
                FetchPatience = TimeSpan.FromSeconds(30),
                Worker = worker ?? WorkerProcess.StartThisProgram,
            },
            TimeProvider.System,
            Log.Writer);
        Run = agent.RunAsync(stop.Token);
    }

    public LogLines Log { get; } = new();

    public Task Run { get; }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Run.WaitAsync(Until.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await agent.DisposeAsync();
        stop.Dispose();
    }
}
