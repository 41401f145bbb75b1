using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Models;

/// <summary>
/// Reads one safetensors file: structure, then checksum, then data; each is believed only when the one before it holds. Tensors are read
/// to where they stay, and their bytes go through the checksum from there.
/// </summary>
internal sealed class SafetensorsReader(ByteSource bytes, string file)
{
    private static ReadOnlySpan<byte> ChecksumZeros => "0000000000000000000000000000000000000000000000000000000000000000"u8;

    public SafetensorsFile Read()
    {
        Span<byte> length = stackalloc byte[SafetensorsFile.LengthBytes];
        var text = HeaderBytes(length);
        var header = SafetensorsHeader.Parse(text, Wrong);
        var dataStart = SafetensorsFile.LengthBytes + (long)header.Length;
        CheckOffsets(header.Entries, bytes.Length - dataStart);

        using var hash = StartChecksum(header, length, text);
        var tensors = new Dictionary<string, Tensor>(header.Entries.Count, StringComparer.Ordinal);
        foreach (var entry in header.Entries)
        {
            var data = Elements(entry);
            var held = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(data), (int)(entry.End - entry.Begin));
            bytes.Read(dataStart + entry.Begin, held);
            hash?.AppendData(held);
            tensors.Add(entry.Name, new Tensor(entry.Name, entry.Shape, data));
        }

        CheckChecksum(header, text, hash);
        foreach (var (name, tensor) in tensors)
        {
            if (tensor.Type == ElementType.F32 && Finiteness.FirstNotFinite(tensor.Floats) is >= 0 and var index)
            {
                throw Wrong(
                    $"tensor '{name}'",
                    $"element {index} is {tensor.Floats[index]}; only finite values can be run.",
                    remedy: "Its training has diverged: train it again, and save it then.");
            }
        }

        return new SafetensorsFile(header.Metadata, tensors);
    }

    private byte[] HeaderBytes(Span<byte> start)
    {
        if (bytes.Length < SafetensorsFile.LengthBytes)
        {
            throw Wrong("byte 0", $"the file has {bytes.Length} bytes, but the header length alone takes {SafetensorsFile.LengthBytes}.");
        }

        bytes.Read(0, start);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        var left = bytes.Length - SafetensorsFile.LengthBytes;
        if (length > (ulong)left)
        {
            throw Wrong(
                "byte 0",
                $"the header is said to have {length} bytes, but {left} follow. This is no safetensors file, or {length - (ulong)left} bytes are missing.");
        }

        if ((long)length > SafetensorsHeader.Limit(bytes.Length))
        {
            throw new FileFormatException(
                file,
                "byte 0",
                $"the header has {length} bytes, more than the {SafetensorsHeader.Limit(bytes.Length)} that a file of {bytes.Length} bytes may have.",
                "Keep what is no tensor in a file of its own.");
        }

        var header = new byte[length];
        bytes.Read(SafetensorsFile.LengthBytes, header);
        return Utf8.IsValid(header) ? header : throw Wrong("header", "it is not UTF-8 text.");
    }

    private void CheckOffsets(List<SafetensorsEntry> entries, long dataLength)
    {
        entries.Sort((left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        var end = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
            {
                throw Wrong($"tensor '{entry.Name}'", entry.Begin > end
                    ? $"its data begins at {entry.Begin}, {entry.Begin - end} bytes behind the end of the one before."
                    : $"its data begins at {entry.Begin}, inside the data of another tensor.");
            }

            if (entry.End > dataLength)
            {
                throw Wrong(
                    $"tensor '{entry.Name}'",
                    $"its data ends at {entry.End}, but the file holds {dataLength} bytes of data: {entry.End - dataLength} are missing.");
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            throw Wrong($"byte {bytes.Length - dataLength + end}", $"{dataLength - end} bytes follow that belong to no tensor.");
        }
    }

    // Null where a file has no checksum, and need not have one.
    private IncrementalHash? StartChecksum(SafetensorsHeader header, ReadOnlySpan<byte> length, ReadOnlySpan<byte> text)
    {
        if (header.ChecksumOffset is not { } start)
        {
            return header.Metadata.ContainsKey(SafetensorsFile.FleetKey)
                ? throw Wrong("metadata", $"'{SafetensorsFile.ChecksumKey}' is missing, which every file of Fleet has.")
                : null;
        }

        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(length);
        hash.AppendData(text[..start]);
        hash.AppendData(ChecksumZeros);
        hash.AppendData(text[(start + SafetensorsFile.ChecksumDigits)..]);
        return hash;
    }

    private void CheckChecksum(SafetensorsHeader header, ReadOnlySpan<byte> text, IncrementalHash? hash)
    {
        if (hash is null)
        {
            return;
        }

        var actual = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
        if (!text.Slice(header.ChecksumOffset!.Value, SafetensorsFile.ChecksumDigits).SequenceEqual(actual))
        {
            throw Wrong("whole file", "its content does not match its checksum: at least one bit has changed since it was written.");
        }
    }

    private static Array Elements(SafetensorsEntry entry)
    {
        var elements = (int)((entry.End - entry.Begin) / entry.Type.Bytes());
        return entry.Type switch
        {
            ElementType.I8 => GC.AllocateUninitializedArray<sbyte>(elements),
            ElementType.U16 => GC.AllocateUninitializedArray<ushort>(elements),
            ElementType.U32 => GC.AllocateUninitializedArray<uint>(elements),
            _ => GC.AllocateUninitializedArray<float>(elements),
        };
    }

    private FileFormatException Wrong(string place, string cause, Exception? inner = null, string? remedy = null) =>
        new(file, place, cause, remedy ?? FileFormatException.Damaged, inner);
}
