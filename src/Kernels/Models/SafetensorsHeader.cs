using System.Text.Json;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Models;

/// <summary>A tensor as the header declares it. Its shape, type and extent agree; that the file has the bytes is for the reader to see.</summary>
internal sealed record SafetensorsEntry(string Name, ElementType Type, int[] Shape, long Begin, long End);

/// <param name="remedy">What to do about it; null where the bytes are damaged.</param>
internal delegate FileFormatException Complaint(string place, string cause, Exception? inner = null, string? remedy = null);

/// <summary>The JSON header, read token by token: keys may come twice in JSON, which only a token reader sees.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The most bytes of memory that reading a file takes for one byte of its header. Empty lists of matrices take the most, 40.</summary>
    public const int CostOfByte = 64;

    // So many bytes a header may always have.
    private const int UsualBytes = 1 << 18;
    private const int MaxDimensions = 8;

    private SafetensorsHeader(int length) => Length = length;

    /// <summary>How long the header of a file of <paramref name="length"/> bytes may be: what it makes in memory then fits beside the file's tensors.</summary>
    public static long Limit(long length) => Math.Clamp(length / CostOfByte, UsualBytes, Array.MaxLength);

    /// <summary>Bytes of the JSON text with its padding.</summary>
    public int Length { get; }

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public List<SafetensorsEntry> Entries { get; } = [];

    /// <summary>Where in the header the digits of the checksum begin, or null if there is none.</summary>
    public int? ChecksumOffset { get; private set; }

    /// <exception cref="FileFormatException">What <paramref name="wrong"/> makes.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> utf8, Complaint wrong)
    {
        var header = new SafetensorsHeader(utf8.Length);
        var json = new Utf8JsonReader(utf8);
        try
        {
            header.ReadAll(ref json, wrong);
            return header;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or System.FormatException and not FileFormatException)
        {
            // The JSON reader's word for text that is no valid string or number is InvalidOperationException or FormatException.
            throw wrong(
                $"header, byte {SafetensorsFile.LengthBytes + json.BytesConsumed}",
                $"it is not the JSON that a safetensors file has ({error.Message}).",
                error);
        }
    }

    private void ReadAll(ref Utf8JsonReader json, Complaint wrong)
    {
        Expect(ref json, JsonTokenType.StartObject);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (NextProperty(ref json) is { } name)
        {
            if (!names.Add(name))
            {
                throw wrong($"tensor '{name}'", "it is declared twice.");
            }

            if (name == SafetensorsFile.MetadataName)
            {
                ReadMetadata(ref json, wrong);
            }
            else
            {
                Entries.Add(ReadEntry(ref json, name, wrong));
            }
        }

        if (json.Read())
        {
            throw new JsonException("more follows behind the end");
        }
    }

    private void ReadMetadata(ref Utf8JsonReader json, Complaint wrong)
    {
        Expect(ref json, JsonTokenType.StartObject);
        while (NextProperty(ref json) is { } key)
        {
            Expect(ref json, JsonTokenType.String);
            if (key == SafetensorsFile.ChecksumKey && ChecksumOffset is null)
            {
                if (json.ValueSpan.Length != SafetensorsFile.ChecksumDigits || json.ValueIsEscaped)
                {
                    throw wrong($"metadata '{key}'", $"it is not {SafetensorsFile.ChecksumDigits} hex digits.");
                }

                ChecksumOffset = (int)json.TokenStartIndex + 1;
            }
            else if (key == SafetensorsFile.ChecksumKey || !Metadata.TryAdd(key, json.GetString()!))
            {
                throw wrong($"metadata '{key}'", "it is there twice.");
            }
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader json, string name, Complaint wrong)
    {
        var place = $"tensor '{name}'";
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (NextProperty(ref json) is { } key)
        {
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(ref json, JsonTokenType.String);
                    type = json.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref json, MaxDimensions, $"{place} has more than {MaxDimensions} dimensions");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref json, 2, $"{place} has more than two offsets");
                    break;
                default:
                    throw wrong(place, $"'{key}' is unknown or there twice; dtype, shape and data_offsets are expected once each.");
            }
        }

        if (type is null || shape is null || offsets is not [var begin, var end])
        {
            throw wrong(place, "dtype, shape or one of the two data_offsets is missing.");
        }

        if (!Enum.TryParse<ElementType>(type, out var element) || element.ToString() != type)
        {
            throw wrong(
                place,
                $"element type '{type}' is not supported; {string.Join(", ", Enum.GetNames<ElementType>())} are.",
                remedy: "Save it with elements of one of these types: F32 for weights.");
        }

        if (begin < 0 || end < begin)
        {
            throw wrong(place, $"its data goes from {begin} to {end}.");
        }

        if (Bytes(shape, element) is not { } declared)
        {
            throw wrong(place, $"its shape [{string.Join(", ", shape)}] has a negative extent or more elements than can be read.");
        }

        return declared == end - begin
            ? new SafetensorsEntry(name, element, Array.ConvertAll(shape, extent => (int)extent), begin, end)
            : throw wrong(
                place,
                $"its shape [{string.Join(", ", shape)}] of {type} takes {declared} bytes, but its data goes from {begin} to {end}, {end - begin} bytes.");
    }

    // Each factor is below 2^31 and so is the product so far: no overflow before it is seen.
    private static long? Bytes(long[] shape, ElementType element)
    {
        var bytes = (long)element.Bytes();
        foreach (var extent in shape)
        {
            if (extent is < 0 or > int.MaxValue || (bytes *= extent) > Array.MaxLength)
            {
                return null;
            }
        }

        return bytes;
    }

    private static long[] ReadNumbers(ref Utf8JsonReader json, int max, string tooMany)
    {
        Span<long> numbers = stackalloc long[MaxDimensions];
        var count = 0;
        Expect(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (count == max)
            {
                throw new JsonException(tooMany);
            }

            numbers[count++] = json.GetInt64();
        }

        return numbers[..count].ToArray();
    }

    private static string? NextProperty(ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.PropertyName ? json.GetString() : null;

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (!json.Read() || json.TokenType != type)
        {
            throw new JsonException($"{type} was expected, {json.TokenType} found");
        }
    }
}
