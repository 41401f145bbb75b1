using System.Text.Json;
using Fleet.Domain.Json;
using Fleet.Domain.Measuring;
using Fleet.Protocol;
using Fleet.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.Silo.Tests.Running;

/// <summary>An agent that speaks to the gateway and measures nothing.</summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private readonly GrpcChannel channel;
    private readonly AsyncDuplexStreamingCall<AgentMessage, SiloMessage> call;

    private FakeAgent(GrpcChannel channel, string device, string? authorization)
    {
        this.channel = channel;
        Device = device;
        call = new AgentGateway.AgentGatewayClient(channel).Connect(authorization is null ? [] : new Metadata { { "authorization", authorization } });
    }

    public string Device { get; }

    /// <param name="machine">The machine that it runs on, and the process that it is there.</param>
    public static Hello Hello(string device, string arch = "x64", (string Id, string Instance) machine = default) => new()
    {
        ProtocolVersion = ProtocolVersion.Current,
        Device = device,
        Name = "board-" + device[..4],
        AgentVersion = "test",
        Board = new Board
        {
            Model = "Test Board",
            Arch = arch,
            Isa = "avx2",
            Cores = 4,
            MemoryBytes = 1 << 30,
            Os = "linux",
            Kernel = "6",
            Runtime = "jit",
            Machine = machine.Id ?? "elsewhere",
        },
        Instance = machine.Instance ?? "",
    };

    /// <summary>A stream on which nothing was said.</summary>
    public static FakeAgent Open(RunningSilo silo, string? device = null) =>
        new(GrpcChannel.ForAddress(silo.GrpcAddress), device ?? Guid.NewGuid().ToString(), silo.Token.Header);

    /// <summary>A stream of somebody who does not know the token.</summary>
    public static FakeAgent OpenWithoutToken(RunningSilo silo) => new(GrpcChannel.ForAddress(silo.GrpcAddress), Guid.NewGuid().ToString(), null);

    /// <summary>A stream that was welcomed.</summary>
    public static async Task<FakeAgent> ConnectAsync(
        RunningSilo silo, string? device = null, string arch = "x64", string session = "", ulong epoch = 0, (string Id, string Instance) machine = default)
    {
        var agent = Open(silo, device);
        var hello = Hello(agent.Device, arch, machine);
        (hello.Session, hello.Epoch) = (session, epoch);
        await agent.SayAsync(new AgentMessage { Hello = hello });
        Assert.NotNull((await agent.HearAsync())?.Welcome);
        return agent;
    }

    public Task SayAsync(AgentMessage message) => call.RequestStream.WriteAsync(message);

    /// <summary>The next message, or null where the silo closed the stream.</summary>
    public async Task<SiloMessage?> HearAsync()
    {
        using var limit = new CancellationTokenSource(Wait.Hanging);
        return await call.ResponseStream.MoveNext(limit.Token) ? call.ResponseStream.Current : null;
    }

    public async Task<SiloMessage> AskAsync(AgentMessage message)
    {
        await SayAsync(message);
        return await HearAsync() ?? throw new InvalidOperationException("The silo closed the stream.");
    }

    /// <summary>Asks until there is work.</summary>
    public async Task<Lease> LeaseAsync() => (await Wait.UntilAsync(
        () => AskAsync(new AgentMessage { WorkRequest = new WorkRequest() }),
        answer => answer.Lease is not null,
        answer => $"There was no work: {answer.NoWork?.Reason}")).Lease;

    public Task<SiloMessage> BeatAsync(Lease? held = null) => AskAsync(new AgentMessage
    {
        Heartbeat = new Heartbeat { State = held is null ? AgentState.Idle : AgentState.Measuring, Session = held?.Session ?? "", Epoch = held?.Epoch ?? 0 },
    });

    public async Task<ReportAnswer> ReportAsync(RunReport report) => (await AskAsync(new AgentMessage { RunReport = report })).ReportAnswer;

    /// <summary>Reports every run of the session as measured, and ends it.</summary>
    public async Task<IReadOnlyList<ReportAnswer>> FinishAsync(Lease lease)
    {
        var answers = new List<ReportAnswer>();
        foreach (var variant in lease.Variants.Where(variant => !variant.ReferenceOnly))
        {
            foreach (var run in variant.Runs)
            {
                answers.Add(await ReportAsync(Report(lease, variant, run)));
            }
        }

        await SayAsync(new AgentMessage { SessionEnded = new SessionEnded { Session = lease.Session, Epoch = lease.Epoch } });
        return answers;
    }

    public static RunReport Report(Lease lease, LeasedVariant variant, LeasedRun run) => new()
    {
        Run = run.Run,
        Session = lease.Session,
        Epoch = lease.Epoch,
        Variant = variant.Variant,
        ModelSha256 = variant.Model.Sha256,
        StartedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
        Measurement = ByteString.CopyFrom(Measurement(variant.Variant == lease.Reference)),
    };

    public async ValueTask DisposeAsync()
    {
        call.Dispose();
        await channel.ShutdownAsync();
        channel.Dispose();
    }

    private static Block Block(int round) => new()
    {
        Round = round, Position = 0, StartSeconds = round, Seconds = 1, Inferences = 1000, MeanMicroseconds = 101, Validity = Validity.Valid, Reasons = [],
    };

    private static byte[] Measurement(bool reference) => JsonSerializer.SerializeToUtf8Bytes(
        new RunMeasurement
        {
            Metric = new MeasuredMetric("accuracy", 0.9, 0.85, 0.95, 50),
            Latency = new Latency { Mean = 101, P50 = 100, P50Low = 99, P50High = 102, N = 1000, BatchSize = 1 },
            Ratio = reference ? null : new Ratio { Value = 0.5, Low = 0.49, High = 0.51, Rounds = 8 },
            ModelBytes = 32,
            Validity = Validity.Valid,
            Reasons = [],
            Blocks = [.. Enumerable.Range(0, 8).Select(Block)],
            Seed = 1,
            StoppedBy = "width reached",
        },
        MeasurementJson.Default.RunMeasurement);
}
