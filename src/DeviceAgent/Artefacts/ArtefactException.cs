namespace Fleet.DeviceAgent.Artefacts;

/// <summary>An artefact cannot be had; the message says which, why, and where a person can do something about it.</summary>
/// <param name="transient">It may well work in a while: the silo is away, or the connection broke.</param>
internal sealed class ArtefactException(string message, bool transient = false, Exception? inner = null) : Exception(message, inner)
{
    public bool IsTransient { get; } = transient;

    /// <summary>There is no space for it on the disk.</summary>
    public bool IsOutOfSpace { get; private init; }

    /// <summary>It may well work once somebody has freed space.</summary>
    public static ArtefactException OutOfSpace(string message, Exception? inner = null) => new(message, transient: true, inner) { IsOutOfSpace = true };
}
