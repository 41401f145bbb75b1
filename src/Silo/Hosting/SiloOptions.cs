using System.Net;

namespace Fleet.Silo.Hosting;

/// <summary>How a silo was asked to run.</summary>
public sealed record SiloOptions
{
    public static readonly IPEndPoint DefaultHttp = new(IPAddress.Loopback, 5080);
    public static readonly IPEndPoint DefaultGrpc = new(IPAddress.Loopback, 5081);

    /// <summary>The state folder; one silo each.</summary>
    public required string State { get; init; }

    /// <summary>API, artefacts, metrics. Port 0 takes any free port.</summary>
    public IPEndPoint Http { get; init; } = DefaultHttp;

    /// <summary>The agents' gateway (HTTP/2 without TLS). Port 0 takes any free port.</summary>
    public IPEndPoint Grpc { get; init; } = DefaultGrpc;

    /// <summary>Trainings at once. One uses all threads that it is given, so more only share them.</summary>
    public int TrainingSlots { get; init; } = 1;

    /// <summary>Threads of each training. Default: every core there is.</summary>
    public int TrainingThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Bytes of memory that all trainings together may use, an equal share each: a training that needs more fails, with that reason.
    /// Default: three quarters of what the silo's machine, or its container, has.
    /// </summary>
    public long TrainingMemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;

    /// <summary>Largest artefact taken, in bytes. Default 2 GiB.</summary>
    public long MaxArtefactBytes { get; init; } = 2L << 30;

    public bool Verbose { get; init; }
}
