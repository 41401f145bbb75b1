namespace Fleet.Campaigns.Ports;

/// <summary>Files by their SHA-256.</summary>
public interface IArtefactStore
{
    /// <summary>Null where there is none, or none that hashes to its name.</summary>
    Task<ArtefactInfo?> FindAsync(string sha256, CancellationToken cancel);

    /// <summary>Stores what the stream holds if it hashes to <paramref name="sha256"/>.</summary>
    /// <exception cref="InvalidDataException">It hashes to something else; nothing was stored.</exception>
    /// <exception cref="OutOfSpaceException">The disk is full.</exception>
    Task<ArtefactInfo> PutAsync(string sha256, Stream content, CancellationToken cancel);

    /// <summary>A seekable stream of the artefact, or null where there is none, or none that hashes to its name.</summary>
    Task<Stream?> OpenReadAsync(string sha256, CancellationToken cancel);
}

public sealed record ArtefactInfo(string Sha256, long Bytes);
