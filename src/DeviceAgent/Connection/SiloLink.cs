using System.Net;
using Fleet.DeviceAgent.Diagnostics;
using Fleet.Os.Transfer;
using Fleet.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.DeviceAgent.Connection;

/// <summary>Who the link speaks for. Called one at a time, in the order of events.</summary>
internal interface ISiloConversation
{
    Task<Hello> IntroduceAsync();

    void Connected(SiloStream stream);

    void Received(SiloMessage message);

    void Disconnected();
}

/// <summary>Keeps a stream to the silo: connects, and connects again whenever it is gone, for ever.</summary>
internal sealed class SiloLink(Uri silo, TokenFile token, ISiloConversation conversation, Backoff backoff, TimeProvider time, AgentLog log)
{
    /// <summary>After the first failure, one line in this many seconds says that the silo is still away.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(10);

    /// <summary>A connection that stood this long ended a silence; a shorter one is one more failure, or the two would meet many times a second.</summary>
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(5);

    private readonly string address = silo.GetLeftPart(UriPartial.Authority);
    private DateTimeOffset silentUntil = DateTimeOffset.MinValue;
    private bool away;
    private volatile bool leaving;
    private volatile SiloStream? current;

    /// <summary>Lets what was said last reach the silo; <see cref="RunAsync"/> ends when it has.</summary>
    public void Leave()
    {
        leaving = true;
        current?.Finish();
    }

    /// <summary>Ends when cancelled, or after <see cref="Leave"/>.</summary>
    /// <exception cref="AgentException">The silo refused this agent.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var channel = GrpcChannel.ForAddress(silo, new GrpcChannelOptions { HttpHandler = new TokenHandler(token, Handler()), DisposeHttpClient = true });
        var client = new AgentGateway.AgentGatewayClient(channel);
        while (!leaving && !cancel.IsCancellationRequested)
        {
            try
            {
                await LiveAsync(client, cancel).ConfigureAwait(false);
                if (leaving)
                {
                    return;
                }

                Miss("it ended the connection");
            }
            catch (RpcException error) when (!cancel.IsCancellationRequested)
            {
                Miss(Explain(error));
            }
            catch (Exception error) when (cancel.IsCancellationRequested && error is RpcException or OperationCanceledException)
            {
                return;
            }

            await Task.Delay(backoff.Next(), time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LiveAsync(AgentGateway.AgentGatewayClient client, CancellationToken cancel)
    {
        var hello = await conversation.IntroduceAsync().ConfigureAwait(false);
        await using var stream = await SiloStream.OpenAsync(client, hello, time, cancel).ConfigureAwait(false);
        log.Write(away ? $"Connected to the silo at {address} again." : $"Connected to the silo at {address} (Fleet {stream.Welcome.SiloVersion}).");
        away = false;
        silentUntil = DateTimeOffset.MinValue;
        current = stream;
        var connected = time.GetTimestamp();
        conversation.Connected(stream);
        try
        {
            await stream.ReceiveAsync(conversation.Received, cancel).ConfigureAwait(false);
        }
        finally
        {
            if (time.GetElapsedTime(connected) > Stable)
            {
                backoff.Reset();
            }

            current = null;
            conversation.Disconnected();
        }
    }

    private void Miss(string cause)
    {
        var now = time.GetUtcNow();
        if (now < silentUntil)
        {
            return;
        }

        log.Write($"The silo at {address} {(away ? "is still away" : "cannot be reached")}: {cause}. The agent keeps trying.");
        away = true;
        silentUntil = now + Reminder;
    }

    // What gRPC says of a connection that was refused names neither the cause nor the place.
    private string Explain(RpcException error)
    {
        if (error.StatusCode == StatusCode.Unauthenticated)
        {
            return token.ExplainRefusal();
        }

        var cause = error.Status.DebugException;
        while (cause?.InnerException is { } inner)
        {
            cause = inner;
        }

        return (cause is null ? error.Status.Detail : cause.Message).TrimEnd('.');
    }

    // A silo whose machine lost power closes no connection: only an unanswered ping tells.
    private static SocketsHttpHandler Handler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingDelay = TimeSpan.FromSeconds(20),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        EnableMultipleHttp2Connections = true,
        AutomaticDecompression = DecompressionMethods.None,
        UseProxy = false,
    };
}
