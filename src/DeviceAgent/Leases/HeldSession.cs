using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Leases;

/// <summary>The session that the agent holds, and how far it is.</summary>
internal sealed class HeldSession(Lease lease)
{
    public string Id => lease.Session;

    public ulong Epoch => lease.Epoch;

    public AgentState State { get; set; } = AgentState.Preparing;

    public double Progress { get; set; }

    public string Activity { get; set; } = "preparing";

    /// <summary>The silo took the lease back: the end of the session is nobody's news.</summary>
    public bool Revoked { get; set; }
}
