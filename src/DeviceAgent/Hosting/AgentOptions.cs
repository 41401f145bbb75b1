using System.Diagnostics;
using Fleet.DeviceAgent.Artefacts;

namespace Fleet.DeviceAgent.Hosting;

/// <summary>How an agent runs.</summary>
internal sealed class AgentOptions
{
    /// <summary>The silo's gRPC address.</summary>
    public required Uri Silo { get; init; }

    /// <summary>The agent's own folder: identity, journal, cache. One agent at a time.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Holds the silo's token, which every call carries. It may come later than the agent.</summary>
    public required string TokenFile { get; init; }

    /// <summary>For people and labels. Default: the host's name.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>Given by people; those that the agent finds itself are added.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>What models and test sets may take on the disk. A session that needs more fails. Default: 512 MiB.</summary>
    public long CacheBytes { get; init; } = ArtefactCache.DefaultLimitBytes;

    /// <summary>How long a session waits for an artefact while the silo is away before it gives the lease back. Default: 5 minutes.</summary>
    public TimeSpan FetchPatience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The wait after the first failed attempt to connect; it doubles up to <see cref="MaxBackoff"/>. Default: 250 ms.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Default: 15 s. Longer waits spare a silo that returns to a large fleet, and cost as much idle time of the boards.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How a measuring worker is started for a plan's file.</summary>
    public Func<string, ProcessStartInfo> Worker { get; init; } = DeviceAgent.Worker.WorkerProcess.StartThisProgram;
}
