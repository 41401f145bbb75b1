using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Models;

internal static class SafetensorsWriter
{
    private static readonly byte[] ChecksumStart = Encoding.UTF8.GetBytes($"\"{SafetensorsFile.ChecksumKey}\":\"");

    public static void Write(Stream stream, IReadOnlyDictionary<string, string> metadata, IEnumerable<Tensor> tensors)
    {
        // Wide elements first, so that every tensor is aligned to its element although there are no gaps.
        var ordered = tensors.OrderByDescending(tensor => tensor.Type.Bytes()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal).ToArray();
        Check(ordered);
        var header = Header(metadata, ordered);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        foreach (var tensor in ordered)
        {
            hash.AppendData(Bytes(tensor));
        }

        // Quotes within JSON strings are escaped, so these bytes can be nothing but the key.
        var digits = header.AsSpan().IndexOf(ChecksumStart) + ChecksumStart.Length;
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()), header.AsSpan(digits));

        stream.Write(header);
        foreach (var tensor in ordered)
        {
            stream.Write(Bytes(tensor));
        }
    }

    private static void Check(Tensor[] tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (tensor.Name == SafetensorsFile.MetadataName || !names.Add(tensor.Name))
            {
                throw new ArgumentException($"Tensor name '{tensor.Name}' is taken.");
            }

            var elements = tensor.Shape.Aggregate(1L, (product, extent) => checked(product * extent));
            if (elements != tensor.Data.Length)
            {
                throw new ArgumentException($"Tensor '{tensor.Name}' has {tensor.Data.Length} elements, but its shape {tensor.ShapeText} asks for {elements}.");
            }

            if (tensor.Type == ElementType.F32 && Finiteness.FirstNotFinite(tensor.Floats) is >= 0 and var index)
            {
                throw new ArgumentException($"Tensor '{tensor.Name}' is {tensor.Floats[index]} at element {index}; only finite values are stored.");
            }
        }
    }

    private static byte[] Header(IReadOnlyDictionary<string, string> metadata, Tensor[] tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsFile.MetadataName);
            var checksum = KeyValuePair.Create(SafetensorsFile.ChecksumKey, new string('0', SafetensorsFile.ChecksumDigits));
            foreach (var (key, value) in metadata.Where(pair => pair.Key != checksum.Key).Append(checksum).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            var end = 0L;
            foreach (var tensor in tensors)
            {
                var begin = end;
                end += (long)tensor.Data.Length * tensor.Type.Bytes();
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                WriteNumbers(json, "shape", tensor.Shape.Select(extent => (long)extent));
                WriteNumbers(json, "data_offsets", [begin, end]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var padded = (buffer.WrittenCount + 7) / 8 * 8;
        var header = new byte[SafetensorsFile.LengthBytes + padded];
        BinaryPrimitives.WriteInt64LittleEndian(header, padded);
        buffer.WrittenSpan.CopyTo(header.AsSpan(SafetensorsFile.LengthBytes));
        header.AsSpan(SafetensorsFile.LengthBytes + buffer.WrittenCount).Fill((byte)' ');
        return header;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static ReadOnlySpan<byte> Bytes(Tensor tensor) => tensor.Type switch
    {
        ElementType.F32 => MemoryMarshal.AsBytes(tensor.Floats),
        ElementType.I8 => MemoryMarshal.AsBytes(tensor.Bytes),
        ElementType.U16 => MemoryMarshal.AsBytes(tensor.Words16),
        _ => MemoryMarshal.AsBytes(tensor.Words32),
    };
}
