using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Fleet.Kernels.Models;

namespace Fleet.Interchange.Arrays;

/// <summary>
/// NumPy's <c>.npy</c> files: magic bytes, version, header length, a header written as a Python dictionary, and the elements.
/// Read: versions 1 and 2, little-endian <c>f4</c>, <c>f8</c>, <c>i4</c>, <c>i8</c>, C and Fortran order. Written: version 1 in C order.
/// </summary>
public static partial class NpyFile
{
    // NumPy pads the header so that the elements begin at a multiple of this.
    private const int Alignment = 64;
    private const int FixedBytes = 10;
    private const int MaxDimensions = 8;
    private const string Damaged = "Write it again with numpy.save.";

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="FileFormatException">The file is no such array; the message says where and why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NumericArray Read(string path)
    {
        var length = new FileInfo(path).Length;
        return length <= Array.MaxLength
            ? Read(File.ReadAllBytes(path), path)
            : throw new FileFormatException(path, "whole file", $"it has {length} bytes; files of at most {Array.MaxLength} can be read.", "Split it.");
    }

    /// <param name="name">What messages call the file.</param>
    /// <inheritdoc cref="Read(string)"/>
    public static NumericArray Read(ReadOnlySpan<byte> bytes, string name)
    {
        var (header, start) = Header(bytes, name);
        if (DescrField().Match(header) is not { Success: true } descr || OrderField().Match(header) is not { Success: true } order
            || ShapeField().Match(header) is not { Success: true } extents)
        {
            throw new FileFormatException(
                name, "header", $"'{Shortened(header)}' is not the dictionary of descr, fortran_order and shape that it should be.", Damaged);
        }

        var type = descr.Groups[1].Value;
        var width = Width(type) ?? throw new FileFormatException(
            name, "header", $"its elements are '{Shortened(type)}'; <f4, <f8, <i4 and <i8 can be read.", "Convert it, for example with array.astype('<f4').");
        var shape = Shape(extents.Groups[1].Value, name);
        var elements = Extents.Elements(shape);
        var data = bytes[start..];
        if (elements > data.Length / width || elements * width != data.Length)
        {
            throw new FileFormatException(
                name,
                $"byte {start}",
                $"the shape {Extents.Text(shape)} of {type} asks for {elements} elements of {width} bytes, but {data.Length} bytes follow.",
                Damaged);
        }

        return order.Groups[1].Value == "True" && shape.Length > 1
            ? FromFortran(shape, Elements(type, data))
            : new NumericArray(shape, Elements(type, data));
    }

    /// <exception cref="NotSupportedException">The elements are of another type than float, double, int or long; nothing was written.</exception>
    public static void Write(Stream stream, NumericArray array)
    {
        var type = array.Data switch
        {
            float[] => "<f4",
            double[] => "<f8",
            int[] => "<i4",
            long[] => "<i8",
            _ => throw new NotSupportedException($"Arrays of {array.Data.GetType().GetElementType()!.Name} are not written."),
        };
        // A tuple of one element keeps its comma.
        var tuple = array.Rank == 1 ? $"({array.Shape[0]},)" : $"({string.Join(", ", array.Shape)})";
        var text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {tuple}, }}";
        var total = (FixedBytes + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        var header = new byte[total];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(total - FixedBytes));
        header.AsSpan(FixedBytes).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(FixedBytes));
        header[^1] = (byte)'\n';
        stream.Write(header);
        stream.Write(array.Data switch
        {
            float[] data => MemoryMarshal.AsBytes<float>(data),
            double[] data => MemoryMarshal.AsBytes<double>(data),
            int[] data => MemoryMarshal.AsBytes<int>(data),
            var data => MemoryMarshal.AsBytes<long>((long[])data),
        });
    }

    private static (string Text, int Start) Header(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length < FixedBytes || !bytes.StartsWith(Magic))
        {
            throw new FileFormatException(name, "byte 0", "this is no NumPy array: the magic bytes of a .npy file are missing.", Damaged);
        }

        var wide = bytes[6] == 2;
        if (bytes[6] is not (1 or 2) || bytes[7] != 0)
        {
            throw new FileFormatException(name, "byte 6", $"it is of version {bytes[6]}.{bytes[7]}; 1.0 and 2.0 can be read.", Damaged);
        }

        var start = wide ? FixedBytes + 2 : FixedBytes;
        long length = bytes.Length < start
            ? long.MaxValue
            : wide ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        return length <= bytes.Length - start
            ? (Encoding.Latin1.GetString(bytes.Slice(start, (int)length)), start + (int)length)
            : throw new FileFormatException(
                name, "byte 8", $"the header is said to be longer than the {bytes.Length - FixedBytes} bytes that follow.", Damaged);
    }

    private static int[] Shape(string tuple, string name)
    {
        var extents = tuple.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (extents.Length > MaxDimensions)
        {
            throw new FileFormatException(name, "header", $"it has {extents.Length} dimensions; at most {MaxDimensions} can be read.", Damaged);
        }

        return Array.ConvertAll(extents, extent => int.TryParse(extent, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FileFormatException(name, "header", $"the extent '{Shortened(extent)}' is not a number that can be read.", Damaged));
    }

    private static string Shortened(string text) => text.Length > 100 ? text[..100] + " ..." : text.Trim();

    private static int? Width(string type) => type switch
    {
        "<f4" or "<i4" => 4,
        "<f8" or "<i8" => 8,
        _ => null,
    };

    private static Array Elements(string type, ReadOnlySpan<byte> data) => type switch
    {
        "<f4" => MemoryMarshal.Cast<byte, float>(data).ToArray(),
        "<f8" => MemoryMarshal.Cast<byte, double>(data).ToArray(),
        "<i4" => MemoryMarshal.Cast<byte, int>(data).ToArray(),
        _ => MemoryMarshal.Cast<byte, long>(data).ToArray(),
    };

    // The first index runs fastest there.
    private static NumericArray FromFortran(int[] shape, Array data)
    {
        var strides = new int[shape.Length];
        for (int axis = 0, stride = 1; axis < shape.Length; stride *= shape[axis++])
        {
            strides[axis] = stride;
        }

        return new NumericArray([data.Length], data).Pick(shape, Extents.Walk(shape, strides));
    }

    [GeneratedRegex("""'descr'\s*:\s*'([^']*)'""")]
    private static partial Regex DescrField();

    [GeneratedRegex("""'fortran_order'\s*:\s*(True|False)\b""")]
    private static partial Regex OrderField();

    [GeneratedRegex("""'shape'\s*:\s*\(([^()]*)\)""")]
    private static partial Regex ShapeField();
}
