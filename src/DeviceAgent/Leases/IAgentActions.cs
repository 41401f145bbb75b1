using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Leases;

/// <summary>What <see cref="AgentCore"/> wants done. None of it may block.</summary>
internal interface IAgentActions
{
    /// <summary>Lost where there is no connection: all that matters is said again after the next welcome.</summary>
    void Send(AgentMessage message);

    void StartSession(Lease lease, string artefactsUrl);

    /// <summary>The session at hand ends without reports for its open runs; <see cref="AgentCore.OnSessionOver"/> says when.</summary>
    void StopSession();

    /// <summary>In base units, by name.</summary>
    IReadOnlyDictionary<string, double> Telemetry();
}
