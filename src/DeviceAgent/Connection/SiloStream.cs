using System.Threading.Channels;
using Fleet.DeviceAgent.Diagnostics;
using Fleet.Protocol;
using Fleet.Protocol.V1;
using Grpc.Core;

namespace Fleet.DeviceAgent.Connection;

/// <summary>One life of the agent's stream to the silo, from Hello to its end.</summary>
internal sealed class SiloStream : IAsyncDisposable
{
    public static readonly TimeSpan WelcomeLimit = TimeSpan.FromSeconds(15);

    private readonly AsyncDuplexStreamingCall<AgentMessage, SiloMessage> call;
    private readonly Channel<AgentMessage> outgoing = Channel.CreateUnbounded<AgentMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task sending;

    private SiloStream(AsyncDuplexStreamingCall<AgentMessage, SiloMessage> call, Welcome welcome)
    {
        this.call = call;
        Welcome = welcome;
        sending = SendAsync();
    }

    public Welcome Welcome { get; }

    /// <summary>Introduces the agent and waits for the silo's welcome.</summary>
    /// <exception cref="AgentException">The silo refused this agent.</exception>
    /// <exception cref="RpcException">The silo cannot be reached, or broke off.</exception>
    public static async Task<SiloStream> OpenAsync(AgentGateway.AgentGatewayClient client, Hello hello, TimeProvider time, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(WelcomeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        var call = client.Connect(cancellationToken: cancel);
        try
        {
            await call.RequestStream.WriteAsync(new AgentMessage { Hello = hello }, either.Token).ConfigureAwait(false);
            if (!await call.ResponseStream.MoveNext(either.Token).ConfigureAwait(false))
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "it closed the stream without a welcome"));
            }

            return call.ResponseStream.Current switch
            {
                { Welcome: { } welcome } => new SiloStream(call, welcome),
                { Refused: { } refused } => throw new AgentException(Explain(refused)),
                { BodyCase: var other } => throw new RpcException(new Status(StatusCode.Internal, $"it answered Hello with {other}")),
            };
        }
        catch (Exception error)
        {
            call.Dispose();
            if (late.IsCancellationRequested && !cancel.IsCancellationRequested && error is not AgentException)
            {
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"it did not answer within {WelcomeLimit.TotalSeconds:0} s"));
            }

            if (IsBreak(error))
            {
                throw Broken(error);
            }

            throw;
        }
    }

    /// <summary>
    /// What gRPC lets through of a connection that ends while a message is being written or read: the transport's own word, or that the
    /// call was over by then.
    /// </summary>
    public static bool IsBreak(Exception error) => error is IOException or HttpRequestException or InvalidOperationException;

    /// <summary>Queues a message; it is lost if the stream ends first.</summary>
    public void Send(AgentMessage message) => outgoing.Writer.TryWrite(message);

    /// <summary>Hands on what the silo says until it ends the stream.</summary>
    /// <exception cref="AgentException">The silo refused this agent.</exception>
    /// <exception cref="RpcException">The connection broke.</exception>
    public async Task ReceiveAsync(Action<SiloMessage> receive, CancellationToken cancel)
    {
        while (await NextAsync(cancel).ConfigureAwait(false))
        {
            if (call.ResponseStream.Current.Refused is { } refused)
            {
                throw new AgentException(Explain(refused));
            }

            receive(call.ResponseStream.Current);
        }
    }

    /// <summary>Says that nothing more will come. The silo then ends the stream, once it has read all of it.</summary>
    public void Finish() => outgoing.Writer.TryComplete();

    public async ValueTask DisposeAsync()
    {
        Finish();
        call.Dispose();
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAsync()
    {
        try
        {
            await foreach (var message in outgoing.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await call.RequestStream.WriteAsync(message).ConfigureAwait(false);
            }

            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is RpcException || IsBreak(error))
        {
            // The stream is over; whoever receives learns why.
            outgoing.Writer.TryComplete();
        }
    }

    private async Task<bool> NextAsync(CancellationToken cancel)
    {
        try
        {
            return await call.ResponseStream.MoveNext(cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (IsBreak(error))
        {
            throw Broken(error);
        }
    }

    private static RpcException Broken(Exception error) => new(new Status(StatusCode.Unavailable, error.Message, error));

    private static string Explain(Refused refused)
    {
        if (refused.ProtocolVersion is 0 or ProtocolVersion.Current)
        {
            return $"The silo refused this agent: {refused.Reason}";
        }

        var (older, way) = refused.ProtocolVersion > ProtocolVersion.Current ? ("agent", "on this board") : ("silo", "on its machine");
        return $"The silo refused this agent: the agent speaks protocol version {ProtocolVersion.Current}, the silo {refused.ProtocolVersion}. "
            + $"Upgrade the {older} {way}.";
    }
}
