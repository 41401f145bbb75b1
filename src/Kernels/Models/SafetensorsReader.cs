using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Models;

/// <summary>Reads one safetensors file: structure, then checksum, then data; each is believed only when the one before it holds.</summary>
internal sealed class SafetensorsReader(ReadOnlyMemory<byte> bytes, string file)
{
    private static ReadOnlySpan<byte> ChecksumZeros => "0000000000000000000000000000000000000000000000000000000000000000"u8;

    public SafetensorsFile Read()
    {
        var header = SafetensorsHeader.Parse(HeaderBytes(), Wrong);
        var dataStart = SafetensorsFile.LengthBytes + header.Length;
        CheckOffsets(header.Entries, bytes.Length - dataStart);
        CheckChecksum(header);

        var tensors = new Dictionary<string, Tensor>(header.Entries.Count, StringComparer.Ordinal);
        foreach (var entry in header.Entries)
        {
            var data = bytes.Span.Slice(dataStart + (int)entry.Begin, (int)(entry.End - entry.Begin));
            tensors.Add(entry.Name, new Tensor(entry.Name, entry.Shape, Elements(entry, data)));
        }

        return new SafetensorsFile(header.Metadata, tensors);
    }

    private ReadOnlySpan<byte> HeaderBytes()
    {
        var span = bytes.Span;
        if (span.Length < SafetensorsFile.LengthBytes)
        {
            throw Wrong("byte 0", $"the file has {span.Length} bytes, but the header length alone takes {SafetensorsFile.LengthBytes}.");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(span);
        var left = span.Length - SafetensorsFile.LengthBytes;
        if (length > (ulong)left)
        {
            throw Wrong("byte 0", $"the header is said to have {length} bytes, but {left} follow. This is no safetensors file, or {length - (ulong)left} bytes are missing.");
        }

        var header = span.Slice(SafetensorsFile.LengthBytes, (int)length);
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
                throw Wrong($"tensor '{entry.Name}'", $"its data ends at {entry.End}, but the file holds {dataLength} bytes of data: {entry.End - dataLength} are missing.");
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            throw Wrong($"byte {bytes.Length - dataLength + end}", $"{dataLength - end} bytes follow that belong to no tensor.");
        }
    }

    private void CheckChecksum(SafetensorsHeader header)
    {
        if (header.ChecksumOffset is not { } offset)
        {
            if (header.Metadata.ContainsKey(SafetensorsFile.FleetKey))
            {
                throw Wrong("metadata", $"'{SafetensorsFile.ChecksumKey}' is missing, which every file of Fleet has.");
            }

            return;
        }

        var start = SafetensorsFile.LengthBytes + offset;
        var span = bytes.Span;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(span[..start]);
        hash.AppendData(ChecksumZeros);
        hash.AppendData(span[(start + SafetensorsFile.ChecksumDigits)..]);
        var actual = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
        if (!span.Slice(start, SafetensorsFile.ChecksumDigits).SequenceEqual(actual))
        {
            throw Wrong("whole file", "its content does not match its checksum: at least one bit has changed since it was written.");
        }
    }

    private Array Elements(SafetensorsEntry entry, ReadOnlySpan<byte> data)
    {
        switch (entry.Type)
        {
            case ElementType.I8:
                return MemoryMarshal.Cast<byte, sbyte>(data).ToArray();
            case ElementType.U16:
                return MemoryMarshal.Cast<byte, ushort>(data).ToArray();
            case ElementType.U32:
                return MemoryMarshal.Cast<byte, uint>(data).ToArray();
            default:
                var floats = MemoryMarshal.Cast<byte, float>(data);
                var index = Finiteness.FirstNotFinite(floats);
                return index < 0 ? floats.ToArray() : throw Wrong($"tensor '{entry.Name}'", $"element {index} is {floats[index]}; only finite values can be run.");
        }
    }

    private FileFormatException Wrong(string place, string cause, Exception? inner = null) =>
        new(file, place, cause, FileFormatException.Damaged, inner);
}
