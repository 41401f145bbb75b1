using Fleet.Kernels.Models;
using Google.Protobuf.Reflection;

namespace Fleet.Interchange.Onnx.Files;

/// <summary>
/// Walks a file's bytes before anything is made of them. In memory an empty node takes a hundred times the two bytes that it takes in
/// the file; so what grows when it is parsed is counted first, and a file that would grow too much is refused. What is left is a few MB
/// beside the weights, which take as much in memory as they take in the file.
/// </summary>
internal sealed class WireScan(string file)
{
    /// <summary>Nodes, attributes, tensors ... together: several times what the largest recurrent models have.</summary>
    private const int MostMessages = 1 << 14;

    /// <summary>Numbers that are stored in as many bytes as they need: shapes, indices, but no weights.</summary>
    private const int MostNumbers = 1 << 18;

    private const int MostTextBytes = 1 << 20;
    private const int Deepest = 24;

    private int messages;
    private long numbers;
    private long text;

    /// <exception cref="FileFormatException">The bytes are no message of this type, or would take too much memory.</exception>
    public static void Check(ReadOnlySpan<byte> bytes, MessageDescriptor type, string file) => new WireScan(file).Message(bytes, 0, type, 0);

    private void Message(ReadOnlySpan<byte> bytes, int start, MessageDescriptor type, int depth)
    {
        if (depth > Deepest)
        {
            throw Wrong(start, $"messages are nested more than {Deepest} deep.");
        }

        Count(ref messages, MostMessages, start, "nodes, attributes and tensors");
        var at = 0;
        while (at < bytes.Length)
        {
            var place = start + at;
            var tag = Varint(bytes, ref at, start);
            var field = tag >> 3 is > 0 and <= int.MaxValue ? (int)(tag >> 3) : throw Wrong(place, "a field has no valid number.");
            switch (tag & 7)
            {
                case 0:
                    Varint(bytes, ref at, start);
                    numbers++;
                    break;
                case 1:
                    Skip(bytes, ref at, 8, start);
                    break;
                case 5:
                    Skip(bytes, ref at, 4, start);
                    break;
                case 2:
                    var length = Varint(bytes, ref at, start);
                    var begin = at;
                    Skip(bytes, ref at, length, start);
                    Content(bytes[begin..at], start + begin, type.FindFieldByNumber(field), depth);
                    break;
                default:
                    throw Wrong(place, $"field {field} is of a wire type that ONNX does not use.");
            }

            if (numbers > MostNumbers)
            {
                throw Wrong(place, $"it has more than {MostNumbers} numbers outside of raw data.");
            }
        }
    }

    private void Content(ReadOnlySpan<byte> content, int start, FieldDescriptor? field, int depth)
    {
        switch (field?.FieldType)
        {
            case FieldType.Message:
                Message(content, start, field.MessageType, depth + 1);
                break;
            case FieldType.String or FieldType.Bytes when field.Name != "raw_data":
                Count(ref messages, MostMessages, start, "names");
                text += content.Length;
                if (text > MostTextBytes)
                {
                    throw Wrong(start, $"it has more than {MostTextBytes} bytes of text.");
                }

                break;
            case FieldType.Int32 or FieldType.Int64 or FieldType.UInt64 or FieldType.Enum:
                // A byte a number at the least.
                numbers += content.Length;
                break;
        }
    }

    private void Count(ref int counter, int most, int start, string what)
    {
        if (++counter > most)
        {
            throw Wrong(start, $"it has more than {most} {what}.");
        }
    }

    private ulong Varint(ReadOnlySpan<byte> bytes, ref int at, int start)
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (at == bytes.Length)
            {
                throw Wrong(start + at, "the file ends, or a message does, within a number.");
            }

            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Wrong(start + at, "a number has more than ten bytes.");
    }

    private void Skip(ReadOnlySpan<byte> bytes, ref int at, ulong length, int start)
    {
        if (length > (ulong)(bytes.Length - at))
        {
            throw Wrong(start + at, $"{length} bytes should follow, but {bytes.Length - at} do.");
        }

        at += (int)length;
    }

    private FileFormatException Wrong(int place, string cause) => new(file, $"byte {place}", cause, OnnxFile.Damaged);
}
