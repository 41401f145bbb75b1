using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Leases;

/// <summary>What a session reports while it runs; from any thread.</summary>
internal interface ISessionEvents
{
    void Activity(AgentState state, double progress, string activity);

    /// <summary>A run has ended, with a measurement or a failure.</summary>
    void Report(RunReport report);
}
