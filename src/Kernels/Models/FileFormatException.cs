namespace Fleet.Kernels.Models;

/// <summary>A file is not what it should be; the message names the file, the place in it, the cause and the way out.</summary>
public sealed class FileFormatException(string file, string place, string cause, string remedy, Exception? inner = null)
    : FormatException($"{file}: {place}: {cause} {remedy}", inner)
{
    internal const string Damaged = "The file is damaged or was cut short: fetch it or make it again.";

    /// <summary>Path or name of the file.</summary>
    public string File { get; } = file;

    /// <summary>Where in the file: <c>byte 8</c>, <c>tensor 'bias'</c>, <c>metadata 'fleet'</c>.</summary>
    public string Place { get; } = place;
}
