using System.Net;

namespace Fleet.Silo.Configuration;

/// <summary>How a silo was asked to run.</summary>
public sealed record SiloOptions
{
    public static readonly IPEndPoint DefaultHttp = new(IPAddress.Loopback, 5080);
    public static readonly IPEndPoint DefaultGrpc = new(IPAddress.Loopback, 5081);

    /// <summary>Enough for a training of the usual kind, with room to spare: 2 GiB.</summary>
    private const long UsualTrainingBytes = 2L << 30;

    /// <summary>The state folder; one silo each.</summary>
    public required string State { get; init; }

    /// <summary>API, artefacts, metrics. Port 0 takes any free port.</summary>
    public IPEndPoint Http { get; init; } = DefaultHttp;

    /// <summary>The agents' gateway (HTTP/2 without TLS). Port 0 takes any free port.</summary>
    public IPEndPoint Grpc { get; init; } = DefaultGrpc;

    /// <summary>
    /// Trainings at once. Null: one a core, or one for the cores that <see cref="TrainingThreads"/> asks for, but no more than have 2 GiB of memory each.
    /// </summary>
    public int? TrainingSlots { get; init; }

    /// <summary>Threads of each training. Null: the cores that are idle when it begins, one at least.</summary>
    public int? TrainingThreads { get; init; }

    /// <summary>
    /// Bytes of memory that all trainings together may use, an equal share each: a training that needs more fails, with that reason.
    /// Default: three quarters of what the silo's machine, or its container, has.
    /// </summary>
    public long TrainingMemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;

    public int TrainingsAtOnce => TrainingSlots ?? UsualSlots(Environment.ProcessorCount);

    /// <summary>Largest artefact taken, in bytes. Default 2 GiB.</summary>
    public long MaxArtefactBytes { get; init; } = 2L << 30;

    /// <summary>
    /// What is damaged in the state folder is kept under another name, and the silo goes on without it. Default: it says what is damaged, and stops where it
    /// must.
    /// </summary>
    public bool SetAsideDamaged { get; init; }

    public bool Verbose { get; init; }

    /// <summary>Trainings at once on a machine of so many cores, where nobody said how many.</summary>
    internal int UsualSlots(int cores) => (int)Math.Clamp(Math.Min(TrainingMemoryBytes / UsualTrainingBytes, cores / (TrainingThreads ?? 1)), 1, cores);
}
