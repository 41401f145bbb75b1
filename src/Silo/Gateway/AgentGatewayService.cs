using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Devices;
using Fleet.Grains.Contracts;
using Fleet.Protocol;
using Fleet.Protocol.V1;
using Fleet.Silo.Configuration;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Gateway;

/// <summary>The agents' streams: the first message is Hello, then each message is answered in its turn.</summary>
internal sealed partial class AgentGatewayService(
    IGrainFactory grains,
    AgentConnections connections,
    SiloEndpoints endpoints,
    IOptions<LeaseOptions> leases,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<AgentGatewayService> logger) : AgentGateway.AgentGatewayBase
{
    public override async Task Connect(
        IAsyncStreamReader<AgentMessage> requestStream, IServerStreamWriter<SiloMessage> responseStream, ServerCallContext context)
    {
        if (endpoints.Address is null)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The silo is starting."));
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            if (!await requestStream.MoveNext(over.Token))
            {
                return;
            }

            if (requestStream.Current.Hello is not { } hello)
            {
                await RefuseAsync(responseStream, "An agent's first message must be Hello.");
                return;
            }

            if (HelloCheck.Refuse(hello) is { } refusal)
            {
                LogRefused(context.Peer, refusal);
                await RefuseAsync(responseStream, refusal);
                return;
            }

            using var stream = new AgentStream(hello, Address(context), time, over.Token);
            await ServeAloneAsync(stream, hello, requestStream, responseStream, over.Token);
        }
        catch (OutOfSpaceException error)
        {
            // An agent that cannot be enrolled now tries again, and its log says why.
            throw new RpcException(new Status(StatusCode.Unavailable, error.Message));
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The agent went away, or the silo stops: it will come back.
        }
    }

    /// <summary>Serves the stream if its agent is the only one of that identity, and says so to the one that has to go.</summary>
    private async Task ServeAloneAsync(
        AgentStream stream, Hello hello, IAsyncStreamReader<AgentMessage> requests, IServerStreamWriter<SiloMessage> responses, CancellationToken over)
    {
        if (connections.Open(stream) is { } rival)
        {
            var refused = stream.Ended == StreamEnd.Rival ? stream : rival;
            LogRival(hello.Device, refused.Name, refused.Address);
            await grains.GetGrain<IDeviceGrain>(hello.Device).RivalAsync(
                new RivalAgent { Name = refused.Name, Address = refused.Address, At = time.GetUtcNow() });
        }

        try
        {
            if (stream.Ended == StreamEnd.None)
            {
                await ServeAsync(stream, hello, requests, responses);
            }
        }
        catch (OperationCanceledException) when (!over.IsCancellationRequested)
        {
            // The silo ended it.
        }
        finally
        {
            connections.Close(stream);
            LogLeft(hello.Name);
        }

        if (stream.Ended == StreamEnd.Rival && !over.IsCancellationRequested)
        {
            await RefuseAsync(
                responses,
                "Another agent has this identity, and two cannot be one device. If this board's state folder or SD card was copied, give this agent an"
                    + " identity of its own and start it again: fleet-agent reset-identity");
        }
    }

    private async Task ServeAsync(AgentStream stream, Hello hello, IAsyncStreamReader<AgentMessage> requests, IServerStreamWriter<SiloMessage> responses)
    {
        var device = grains.GetGrain<IDeviceGrain>(hello.Device);
        var enrolled = await device.EnrolAsync(WireFormat.Description(hello), WireFormat.Held(hello.Session, hello.Epoch));
        await responses.WriteAsync(
            new SiloMessage
            {
                Welcome = new Welcome
                {
                    SiloVersion = ProductVersion.Current,
                    HeartbeatSeconds = leases.Value.Heartbeat.TotalSeconds,
                    LeaseSeconds = leases.Value.Lease.TotalSeconds,
                    ArtefactsUrl = endpoints.Http,
                },
            },
            CancellationToken.None);
        if (enrolled.LeaseLost is { } lost)
        {
            await responses.WriteAsync(Revoked(hello.Session, hello.Epoch, lost), CancellationToken.None);
        }

        while (await NextAsync(requests, stream.Token))
        {
            stream.Heard();
            var answer = await AnswerAsync(device, hello, requests.Current);
            if (answer is not null)
            {
                await responses.WriteAsync(answer, CancellationToken.None);
            }

            if (answer is { Refused: not null })
            {
                return;
            }
        }
    }

    /// <summary>
    /// Waits for the next message, or until the stream is to end. A token of the reader's own would abort the call, and why it ends could not be said.
    /// </summary>
    private static async Task<bool> NextAsync(IAsyncStreamReader<AgentMessage> requests, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var next = requests.MoveNext(CancellationToken.None);
        try
        {
            return await next.WaitAsync(cancel);
        }
        catch (InvalidOperationException error) when (cancel.IsCancellationRequested)
        {
            // The call was over a moment before it was asked for more.
            throw new OperationCanceledException(error.Message, error, cancel);
        }
        catch (OperationCanceledException)
        {
            // It ends with the call, which is nobody's concern any longer.
            _ = next.ContinueWith(static late => late.Exception, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary><c>ipv4:10.0.0.7:50123</c> without what only machines need.</summary>
    private static string Address(ServerCallContext context) => context.Peer[(context.Peer.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>Answers one message. What a grain cannot do now is no reason to lose the stream: the agent tries again.</summary>
    private async Task<SiloMessage?> AnswerAsync(IDeviceGrain device, Hello hello, AgentMessage message)
    {
        try
        {
            return message.BodyCase switch
            {
                AgentMessage.BodyOneofCase.Heartbeat => await HeartbeatAsync(device, message.Heartbeat),
                AgentMessage.BodyOneofCase.WorkRequest => await WorkAsync(device, message.WorkRequest),
                AgentMessage.BodyOneofCase.RunReport => await ReportAsync(device, message.RunReport),
                AgentMessage.BodyOneofCase.SessionEnded => await EndAsync(device, message.SessionEnded),
                AgentMessage.BodyOneofCase.Hello => Refusal("Hello was said already on this stream."),
                _ => Refusal($"The silo does not know this message; it speaks protocol {ProtocolVersion.Current}."),
            };
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogFailed(error, message.BodyCase, hello.Name);
            return message.BodyCase switch
            {
                AgentMessage.BodyOneofCase.RunReport => new SiloMessage
                {
                    ReportAnswer = WireFormat.Answer(message.RunReport, new ReportReply(ReportDecision.Retry, "The silo could not store it now.")),
                },
                AgentMessage.BodyOneofCase.WorkRequest => NoWork("The silo could not look for work now.", leases.Value.Retry),
                _ => null,
            };
        }
    }

    private static async Task<SiloMessage> HeartbeatAsync(IDeviceGrain device, Heartbeat heartbeat)
    {
        var reply = await device.HeartbeatAsync(WireFormat.Heartbeat(heartbeat));
        return reply.LeaseLost is { } lost
            ? Revoked(heartbeat.Session, heartbeat.Epoch, lost)
            : new SiloMessage
            {
                HeartbeatAnswer = new HeartbeatAnswer
                {
                    LeaseUntil = reply.LeaseUntil is { } until ? Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(until) : null,
                },
            };
    }

    private static async Task<SiloMessage> WorkAsync(IDeviceGrain device, WorkRequest request)
    {
        var reply = await device.RequestWorkAsync(DoorCheck.Undelivered(request));
        return reply.Granted is null ? NoWork(reply.Reason, reply.RetryAfter) : new SiloMessage { Lease = WireFormat.Lease(reply) };
    }

    private async Task<SiloMessage> ReportAsync(IDeviceGrain device, RunReport report)
    {
        var reply = DoorCheck.Refuse(report) is { } refusal
            ? new ReportReply(ReportDecision.Rejected, refusal)
            : await device.ReportAsync(WireFormat.Report(report, time.GetUtcNow()));
        return new SiloMessage { ReportAnswer = WireFormat.Answer(report, reply) };
    }

    private static async Task<SiloMessage?> EndAsync(IDeviceGrain device, SessionEnded ended)
    {
        await device.EndSessionAsync(new SessionEnd(new HeldLease(ended.Session, ended.Epoch), DoorCheck.Words(ended.Failure), ended.Interrupted));
        return null;
    }

    private static SiloMessage NoWork(string reason, TimeSpan retryAfter) =>
        new() { NoWork = new NoWork { Reason = reason, RetryAfterSeconds = retryAfter.TotalSeconds } };

    private static SiloMessage Revoked(string session, ulong epoch, string reason) =>
        new() { LeaseRevoked = new LeaseRevoked { Session = session, Epoch = epoch, Reason = reason } };

    private static SiloMessage Refusal(string reason) =>
        new() { Refused = new Refused { Reason = reason, ProtocolVersion = ProtocolVersion.Current } };

    private static Task RefuseAsync(IServerStreamWriter<SiloMessage> responses, string reason) => responses.WriteAsync(Refusal(reason));
}
