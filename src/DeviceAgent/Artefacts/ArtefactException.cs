namespace Fleet.DeviceAgent.Artefacts;

/// <summary>An artefact cannot be had; the message says which, why, and where a person can do something about it.</summary>
/// <param name="transient">It may well work in a while: the silo is away, or the connection broke.</param>
internal sealed class ArtefactException(string message, bool transient = false, Exception? inner = null) : Exception(message, inner)
{
    public bool IsTransient { get; } = transient;
}
