using Fleet.Os.Processes;

namespace Fleet.DeviceAgent.Diagnostics;

/// <summary>The agent cannot go on; the message is one that a person reads: place, cause and way out.</summary>
internal sealed class AgentException(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
