using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Fleet.Protocol.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.DeviceAgent.Tests.Support;

/// <summary>
/// The silo's side of the protocol in this process: takes what an agent says into a list, says what a test tells it to, and serves
/// artefacts. By itself it welcomes, has no work, and stores every result.
/// </summary>
internal sealed class FakeSilo : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly CancellationTokenSource gone = new();
    private readonly List<AgentMessage> heard = [];
    private IServerStreamWriter<SiloMessage>? agent;

    private FakeSilo(WebApplication application) => this.application = application;

    public Uri Grpc => Address(1);

    public int GrpcPort => Grpc.Port;

    public string ArtefactsUrl => Address(0).ToString();

    /// <summary>Where set, only calls with this Authorization header are answered.</summary>
    public string? Authorization { get; set; }

    /// <summary>By SHA-256.</summary>
    public ConcurrentDictionary<string, byte[]> Artefacts { get; } = [];

    /// <summary>The range asked for and the artefact, in the order of the requests.</summary>
    public ConcurrentQueue<(string Sha256, string Range)> Requests { get; } = [];

    /// <summary>Serves an artefact in another way: true where it did.</summary>
    public Func<HttpContext, byte[], Task<bool>> Serve { get; set; } = (_, _) => Task.FromResult(false);

    public Func<Hello, SiloMessage> Welcome { get; set; } = null!;

    public Func<RunReport, ReportAnswer?> Judge { get; set; } =
        report => new ReportAnswer { Run = report.Run, Session = report.Session, Outcome = ReportOutcome.Stored };

    /// <summary>What a request for work is answered with; null: nothing.</summary>
    public Func<SiloMessage?> Work { get; set; } = () => new SiloMessage { NoWork = new NoWork { RetryAfterSeconds = 60, Reason = "nothing to do" } };

    public IReadOnlyList<AgentMessage> Heard
    {
        get
        {
            lock (heard)
            {
                return [.. heard];
            }
        }
    }

    public IEnumerable<RunReport> Reports => Heard.Select(message => message.RunReport).OfType<RunReport>();

    public static async Task<FakeSilo> StartAsync(int grpcPort = 0, double heartbeatSeconds = 0.2)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        FakeSilo? silo = null;
        builder.Services.AddSingleton(_ => silo!);
        var application = builder.Build();
        silo = new FakeSilo(application);
        application.Use((context, next) =>
        {
            if (silo.Authorization is { } wanted && context.Request.Headers.Authorization != wanted)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            }

            return next(context);
        });
        application.MapGrpcService<Gateway>();
        application.MapGet("/artifacts/{sha256}", silo.ServeAsync);
        await application.StartAsync();
        silo.Welcome = _ => new SiloMessage
        {
            Welcome = new Welcome { SiloVersion = "0.1.0", HeartbeatSeconds = heartbeatSeconds, LeaseSeconds = 30, ArtefactsUrl = silo.ArtefactsUrl },
        };
        return silo;
    }

    public Artefact Add(byte[] bytes)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Artefacts[sha256] = bytes;
        return new Artefact { Sha256 = sha256, Bytes = bytes.Length };
    }

    public async Task SayAsync(SiloMessage message)
    {
        await Until.TrueAsync(() => agent is not null, "an agent is connected");
        await agent!.WriteAsync(message);
    }

    /// <summary>Waits until the agent has said something of this kind.</summary>
    public async Task<AgentMessage> HearAsync(Func<AgentMessage, bool> wanted, string what)
    {
        await Until.TrueAsync(() => Heard.Any(wanted), what);
        return Heard.First(wanted);
    }

    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        await application.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(2)).Token);
        await application.DisposeAsync();
        gone.Dispose();
    }

    private Uri Address(int index) => new(application.Urls.ElementAt(index));

    private async Task ServeAsync(HttpContext context, string sha256)
    {
        Requests.Enqueue((sha256, context.Request.Headers.Range.ToString()));
        if (!Artefacts.TryGetValue(sha256, out var bytes))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (!await Serve(context, bytes))
        {
            await Results.Bytes(bytes, enableRangeProcessing: true).ExecuteAsync(context);
        }
    }

    private async Task ConverseAsync(IAsyncStreamReader<AgentMessage> from, IServerStreamWriter<SiloMessage> to)
    {
        try
        {
            while (await from.MoveNext(gone.Token))
            {
                var message = from.Current;
                lock (heard)
                {
                    heard.Add(message);
                }

                switch (message.BodyCase)
                {
                    case AgentMessage.BodyOneofCase.Hello:
                        await to.WriteAsync(Welcome(message.Hello));
                        agent = to;
                        break;

                    case AgentMessage.BodyOneofCase.WorkRequest when Work() is { } work:
                        await to.WriteAsync(work);
                        break;

                    case AgentMessage.BodyOneofCase.RunReport when Judge(message.RunReport) is { } answer:
                        await to.WriteAsync(new SiloMessage { ReportAnswer = answer });
                        break;
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or InvalidOperationException)
        {
            // Either side is gone.
        }
        finally
        {
            agent = null;
        }
    }

    private sealed class Gateway(FakeSilo silo) : AgentGateway.AgentGatewayBase
    {
        public override Task Connect(
            IAsyncStreamReader<AgentMessage> requestStream, IServerStreamWriter<SiloMessage> responseStream, ServerCallContext context) =>
            silo.ConverseAsync(requestStream, responseStream);
    }
}
