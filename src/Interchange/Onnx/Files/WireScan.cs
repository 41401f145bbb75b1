using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Models;
using Google.Protobuf.Reflection;

namespace Fleet.Interchange.Onnx.Files;

/// <summary>
/// Walks a file's bytes before anything is made of them. In memory an empty node takes a hundred times the two bytes that it takes in
/// the file; so what grows when it is parsed is counted first, and a file that would grow too much is refused. The raw data of initialisers,
/// which is nearly all of a file, is only noted: it is read from where it lies, straight into arrays.
/// </summary>
internal sealed class WireScan
{
    /// <summary>Nodes, attributes, tensors ... together: several times what the largest recurrent models have.</summary>
    private const int MaxMessages = 1 << 14;

    /// <summary>Numbers that are stored in as many bytes as they need: shapes, indices, but no weights.</summary>
    private const int MaxNumbers = 1 << 18;

    private const int MaxTextBytes = 1 << 20;
    private const int Deepest = 24;
    private const int WindowBytes = 1 << 16;

    private readonly ByteSource source;
    private readonly string file;
    private readonly List<RawData?> initialisers = [];
    private readonly byte[] window;
    private long windowStart;
    private int windowLength;
    private int messages;
    private long numbers;
    private long text;

    private WireScan(ByteSource source, string file)
    {
        this.source = source;
        this.file = file;
        window = new byte[(int)Math.Min(WindowBytes, source.Length)];
    }

    /// <summary>Checks a file.</summary>
    /// <returns>The file without its initialisers' raw data, and of each initialiser in order where that lies; null where it has none.</returns>
    /// <exception cref="FileFormatException">The bytes are no message of this type, or would take too much memory.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static (byte[] Skeleton, IReadOnlyList<RawData?> Initialisers) Check(ByteSource source, MessageDescriptor type, string file)
    {
        var scan = new WireScan(source, file);
        var kept = new WireExcerpt();
        scan.Message(0, source.Length, type, 0, kept);
        return (kept.ToBytes(source), scan.initialisers);
    }

    /// <param name="kept">What is to be parsed of the message; null where its parent keeps it whole.</param>
    private void Message(long begin, long end, MessageDescriptor type, int depth, WireExcerpt? kept)
    {
        if (depth > Deepest)
        {
            throw Wrong(begin, $"messages are nested more than {Deepest} deep.");
        }

        Count(ref messages, MaxMessages, begin, "nodes, attributes and tensors");
        var at = begin;
        while (at < end)
        {
            var place = at;
            var tag = Varint(ref at, end);
            var field = tag >> 3 is > 0 and <= int.MaxValue ? (int)(tag >> 3) : throw Wrong(place, "a field has no valid number.");
            var keptWhole = true;
            switch (tag & 7)
            {
                case 0:
                    Varint(ref at, end);
                    numbers++;
                    break;
                case 1:
                    Skip(ref at, 8, end);
                    break;
                case 5:
                    Skip(ref at, 4, end);
                    break;
                case 2:
                    var length = Varint(ref at, end);
                    var content = at;
                    Skip(ref at, length, end);
                    keptWhole = Content(content, at, type.FindFieldByNumber(field), depth, kept);
                    break;
                default:
                    throw Wrong(place, $"field {field} is of a wire type that ONNX does not use.");
            }

            if (numbers > MaxNumbers)
            {
                throw Wrong(place, $"it has more than {MaxNumbers} numbers outside of raw data.");
            }

            if (keptWhole)
            {
                kept?.Add(place, at);
            }
        }
    }

    /// <returns>Whether the field is to be kept as it stands; else it was seen to.</returns>
    private bool Content(long begin, long end, FieldDescriptor? field, int depth, WireExcerpt? kept)
    {
        switch (field?.FieldType)
        {
            case FieldType.Message:
                var initialiser = kept is not null && field.ContainingType == GraphProto.Descriptor && field.FieldNumber == GraphProto.InitializerFieldNumber;
                if (initialiser)
                {
                    initialisers.Add(null);
                }

                // Only on the way to the initialisers is anything left out.
                var inner = initialiser
                    || (kept is not null && field.ContainingType == ModelProto.Descriptor && field.FieldNumber == ModelProto.GraphFieldNumber)
                    ? new WireExcerpt()
                    : null;
                Message(begin, end, field.MessageType, depth + 1, inner);
                if (inner is not null)
                {
                    kept!.Add(field.FieldNumber, inner);
                }

                return inner is null;
            case FieldType.Bytes when field.ContainingType == TensorProto.Descriptor && field.FieldNumber == TensorProto.RawDataFieldNumber:
                if (kept is null || depth == 0 || begin == end)
                {
                    return true;
                }

                initialisers[^1] = new RawData(begin, end - begin);
                return false;
            case FieldType.String or FieldType.Bytes:
                Count(ref messages, MaxMessages, begin, "names");
                text += end - begin;
                if (text > MaxTextBytes)
                {
                    throw Wrong(begin, $"it has more than {MaxTextBytes} bytes of text.");
                }

                return true;
            case FieldType.Int32 or FieldType.Int64 or FieldType.UInt64 or FieldType.Enum:
                // A byte a number at the least.
                numbers += end - begin;
                return true;
            default:
                return true;
        }
    }

    private void Count(ref int counter, int max, long start, string what)
    {
        if (++counter > max)
        {
            throw Wrong(start, $"it has more than {max} {what}.");
        }
    }

    private ulong Varint(ref long at, long end)
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (at == end)
            {
                throw Wrong(at, "the file ends, or a message does, within a number.");
            }

            var next = Byte(at++);
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Wrong(at, "a number has more than ten bytes.");
    }

    private byte Byte(long at)
    {
        if (at < windowStart || at >= windowStart + windowLength)
        {
            windowStart = at;
            windowLength = (int)Math.Min(window.Length, source.Length - at);
            source.Read(at, window.AsSpan(0, windowLength));
        }

        return window[at - windowStart];
    }

    private void Skip(ref long at, ulong length, long end)
    {
        if (length > (ulong)(end - at))
        {
            throw Wrong(at, $"{length} bytes should follow, but {end - at} do.");
        }

        at += (long)length;
    }

    private FileFormatException Wrong(long place, string cause) => new(file, $"byte {place}", cause, OnnxFile.Damaged);
}
