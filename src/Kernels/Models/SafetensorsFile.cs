using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Models;

/// <summary>
/// A safetensors file: text metadata and named tensors. Models and packed data sets are kept in it.
/// Layout: header length (8 bytes, little-endian), header (JSON, padded with spaces to 8 bytes), tensor data without gaps.
/// </summary>
/// <remarks>
/// Files of Fleet carry under <see cref="ChecksumKey"/> the SHA-256 (lower-case hex) of the whole file with those 64 digits read
/// as zeros, so that a single flipped bit anywhere is found. A file with the metadata key <see cref="FleetKey"/> must have it;
/// in files of other programs, which do not know of it, it may be absent.
/// <para>Reading takes as much memory as the tensors and <see cref="SafetensorsHeader.CostOfByte"/> bytes for each of the header, which
/// may be <see cref="SafetensorsHeader.Limit"/> long: less than twice the file and 16 MB, whatever the file says.</para>
/// </remarks>
public sealed record SafetensorsFile(IReadOnlyDictionary<string, string> Metadata, IReadOnlyDictionary<string, Tensor> Tensors)
{
    /// <summary>Metadata key of the JSON document that says what the file is.</summary>
    public const string FleetKey = "fleet";

    /// <summary>Metadata key of the checksum. It is written and checked by this class, and is not part of <see cref="Metadata"/>.</summary>
    public const string ChecksumKey = "fleet.sha256";

    internal const string MetadataName = "__metadata__";
    internal const int ChecksumDigits = 64;
    internal const int LengthBytes = 8;

    /// <exception cref="FileFormatException">The file is no safetensors file, is damaged, or holds what is not supported.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
        return new SafetensorsReader(new OpenFile(handle, path), path).Read();
    }

    /// <summary>Reads a file that is in memory. Everything is checked before anything is allocated for it.</summary>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="FileFormatException">The bytes are no safetensors file, are damaged, or hold what is not supported.</exception>
    public static SafetensorsFile Read(ReadOnlyMemory<byte> bytes, string name) => new SafetensorsReader(new HeldBytes(bytes), name).Read();

    /// <summary>Writes the same bytes for the same content, in whatever order it is given.</summary>
    /// <exception cref="ArgumentException">
    /// Two tensors have one name, a tensor's data does not fill its shape or has a value that is not finite. Nothing was written.
    /// </exception>
    public static void Write(Stream stream, IReadOnlyDictionary<string, string> metadata, IEnumerable<Tensor> tensors) =>
        SafetensorsWriter.Write(stream, metadata, tensors);
}
