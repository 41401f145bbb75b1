using Fleet.Protocol.V1;

namespace Fleet.Silo.Gateway;

internal sealed partial class AgentGatewayService
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "An agent at {Peer} was refused: {Reason}")]
    private partial void LogRefused(string peer, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Two agents have the identity {Device}: that of {Agent} at {Address} was turned away.")]
    private partial void LogRival(string device, string agent, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "The stream of agent {Agent} is closed.")]
    private partial void LogLeft(string agent);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message ({Kind}) of agent {Agent} could not be answered.")]
    private partial void LogFailed(Exception error, AgentMessage.BodyOneofCase kind, string agent);
}
