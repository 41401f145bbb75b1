namespace Fleet.Domain.Artefacts;

/// <summary>An artefact's name: its SHA-256 as 64 hexadecimal digits in lower case, and nothing else that a path could be made of.</summary>
public static class ArtefactName
{
    public const int Length = 64;

    public static bool IsValid(string? name) => name is { Length: Length } && name.All(char.IsAsciiHexDigitLower);
}
