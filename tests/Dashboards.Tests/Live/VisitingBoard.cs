using Fleet.Os.State;
using Fleet.Protocol;
using Fleet.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.Dashboards.Tests.Live;

/// <summary>
/// A board that is enrolled, warm and idle: it says what an agent on a board with a temperature sensor says. The machine that the tests
/// run on may have no sensor.
/// </summary>
internal sealed class VisitingBoard : IAsyncDisposable
{
    public const string Name = "attic";
    public const double Celsius = 41.5;

    private readonly GrpcChannel channel;
    private readonly CancellationTokenSource leave = new();
    private readonly Task visit;

    /// <param name="silo">The gateway's address.</param>
    /// <param name="token">The silo's.</param>
    /// <param name="arch">One that the test's campaign does not ask for.</param>
    public VisitingBoard(string silo, AccessToken token, string arch)
    {
        channel = GrpcChannel.ForAddress(silo);
        visit = VisitAsync(token, arch);
    }

    public async ValueTask DisposeAsync()
    {
        await leave.CancelAsync();
        await visit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        channel.Dispose();
        leave.Dispose();
    }

    private async Task VisitAsync(AccessToken token, string arch)
    {
        var headers = new Metadata { { "authorization", token.Header } };
        using var call = new AgentGateway.AgentGatewayClient(channel).Connect(headers, cancellationToken: leave.Token);
        await call.RequestStream.WriteAsync(
            new AgentMessage
            {
                Hello = new Hello
                {
                    ProtocolVersion = ProtocolVersion.Current,
                    Device = Guid.NewGuid().ToString(),
                    Name = Name,
                    AgentVersion = "test",
                    Board = new Board
                    {
                        Model = "Visiting Board",
                        Arch = arch,
                        Isa = "scalar",
                        Cores = 4,
                        MemoryBytes = 1 << 30,
                        Os = "linux",
                        Kernel = "6",
                        Runtime = "aot",
                        Machine = "elsewhere",
                    },
                },
            },
            leave.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await call.ResponseStream.MoveNext(leave.Token))
        {
            await timer.WaitForNextTickAsync(leave.Token);
            var heartbeat = new Heartbeat
            {
                State = AgentState.Idle,
                Telemetry = { ["temperature_celsius"] = Celsius, ["load_1m"] = 0.1, ["memory_available_bytes"] = 1 << 29 },
            };
            await call.RequestStream.WriteAsync(new AgentMessage { Heartbeat = heartbeat }, leave.Token);
        }
    }
}
