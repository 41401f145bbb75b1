using Fleet.Kernels.Models;
using Google.Protobuf;

namespace Fleet.Interchange.Onnx.Files;

/// <summary>A message of which some is left out: segments of the file that it was in, and messages within it that are excerpts as well.</summary>
internal sealed class WireExcerpt
{
    private readonly List<(long Begin, long End, int Field, WireExcerpt? Inner)> parts = [];
    private long length;

    /// <summary>A segment of the file.</summary>
    public void Add(long begin, long end)
    {
        length += end - begin;
        if (parts.Count > 0 && parts[^1] is { Inner: null } last && last.End == begin)
        {
            parts[^1] = last with { End = end };
        }
        else
        {
            parts.Add((begin, end, 0, null));
        }
    }

    /// <summary>A message; it is complete.</summary>
    public void Add(int field, WireExcerpt inner)
    {
        length += CodedOutputStream.ComputeUInt32Size(Tag(field)) + CodedOutputStream.ComputeUInt64Size((ulong)inner.length) + inner.length;
        parts.Add((0, 0, field, inner));
    }

    /// <exception cref="IOException">The file cannot be read.</exception>
    public byte[] ToBytes(ByteSource source)
    {
        var bytes = new byte[length];
        var at = 0;
        Write(source, bytes, ref at);
        return bytes;
    }

    private void Write(ByteSource source, byte[] bytes, ref int at)
    {
        foreach (var (begin, end, field, inner) in parts)
        {
            if (inner is null)
            {
                source.Read(begin, bytes.AsSpan(at, (int)(end - begin)));
                at += (int)(end - begin);
            }
            else
            {
                Varint(bytes, Tag(field), ref at);
                Varint(bytes, (ulong)inner.length, ref at);
                inner.Write(source, bytes, ref at);
            }
        }
    }

    private static void Varint(byte[] bytes, ulong value, ref int at)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes[at++] = (byte)(value | 0x80);
        }

        bytes[at++] = (byte)value;
    }

    private static uint Tag(int field) => WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited);
}
