using Fleet.DeviceAgent.Connection;
using Fleet.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.DeviceAgent.Doctor;

/// <summary>Whether a silo answers, found out without enrolling: a stream on which nothing is said.</summary>
internal static class SiloExamination
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<Finding> ExamineAsync(Uri silo, TokenFile token, CancellationToken cancel)
    {
        var handler = new TokenHandler(token, new SocketsHttpHandler { UseProxy = false });
        using var channel = GrpcChannel.ForAddress(silo, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        try
        {
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + Patience;
            using var call = new AgentGateway.AgentGatewayClient(channel).Connect(deadline: deadline, cancellationToken: cancel);
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            await call.ResponseStream.MoveNext(cancel).ConfigureAwait(false);
            return new("silo", $"{silo} answers");
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal)
        {
            return NoAnswer(silo, error.Status.Detail);
        }
        catch (Exception error) when (SiloStream.IsBreak(error))
        {
            return NoAnswer(silo, error.Message);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unimplemented)
        {
            return new(
                "silo",
                $"{silo} answers, but is no silo of Fleet",
                Severity.Problem,
                "Agents connect to the gRPC address, 5081 by default, not to the HTTP one.");
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unauthenticated)
        {
            return new("silo", $"{silo} refuses this agent: {token.ExplainRefusal()}", Severity.Problem, "See the message.");
        }
        catch (RpcException)
        {
            // It objects to silence: somebody is there.
            return new("silo", $"{silo} answers");
        }
    }

    private static Finding NoAnswer(Uri silo, string cause) => new(
        "silo",
        $"{silo} does not answer: {cause}",
        Severity.Problem,
        "Is the silo running, and is this its address for agents (gRPC, port 5081 by default)?");
}
