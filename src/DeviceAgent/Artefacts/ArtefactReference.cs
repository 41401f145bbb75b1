using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Artefacts;

/// <summary>An artefact by hash and size, checked: the hash becomes a file's name.</summary>
internal readonly record struct ArtefactReference
{
    private const int HashLength = 64;

    private ArtefactReference(string sha256, long bytes)
    {
        Sha256 = sha256;
        Bytes = bytes;
    }

    public string Sha256 { get; }

    public long Bytes { get; }

    /// <exception cref="ArtefactException">It does not name an artefact.</exception>
    public static ArtefactReference Of(Artefact? artefact, string what)
    {
        if (artefact is null || artefact.Sha256.Length != HashLength || !artefact.Sha256.All(char.IsAsciiHexDigitLower))
        {
            throw new ArtefactException($"The lease names no {what}: '{artefact?.Sha256}' is not a SHA-256 in lower case.");
        }

        return artefact.Bytes > 0
            ? new ArtefactReference(artefact.Sha256, artefact.Bytes)
            : throw new ArtefactException($"The lease says that the {what} {artefact.Sha256} has {artefact.Bytes} bytes.");
    }

    public override string ToString() => Sha256;
}
