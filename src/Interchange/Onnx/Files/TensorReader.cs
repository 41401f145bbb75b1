using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Interchange.Arrays;
using Fleet.Interchange.Onnx.Wire;
using Fleet.Kernels.Models;
using static Fleet.Interchange.Onnx.Wire.TensorProto.Types;

namespace Fleet.Interchange.Onnx.Files;

/// <summary>Makes arrays of a file's tensors, whose data is in them or in files beside the model.</summary>
/// <param name="file">What messages call the model's file.</param>
/// <param name="folder">Where files with weights may lie; null if there can be none.</param>
internal sealed class TensorReader(string file, string? folder)
{
    private const int MaxDimensions = 8;

    private readonly Dictionary<string, long> taken = new(StringComparer.Ordinal);

    /// <exception cref="FileFormatException">Its data does not fill its shape, is of a type that is not supported, or cannot be read.</exception>
    public NumericArray Read(TensorProto tensor) => Read(tensor, (place, type, bytes) =>
        tensor.RawData.Length > 0 || bytes == 0 ? Raw(tensor, place, type, bytes) : Typed(tensor, type));

    /// <summary>The same of a tensor whose raw data was left where it is.</summary>
    /// <inheritdoc cref="Read(TensorProto)"/>
    public NumericArray Read(TensorProto tensor, ByteSource source, RawData data) => Read(tensor, (place, type, bytes) => data.Length == bytes
        ? Load(source, type, data.Offset, (int)bytes)
        : throw WrongLength(tensor, place, bytes, data.Length));

    private NumericArray Read(TensorProto tensor, Func<string, DataType, long, Array> own)
    {
        var place = $"tensor '{tensor.Name}'";
        var type = (DataType)tensor.DataType;
        if (tensor.Dims.Count > MaxDimensions || tensor.Dims.Any(extent => extent is < 0 or > int.MaxValue))
        {
            throw Wrong(
                place, $"its shape [{string.Join(", ", tensor.Dims.Take(MaxDimensions))} ...] has a negative extent, one that is too great, or too many.");
        }

        var width = Width(type) ?? throw new FileFormatException(
            file, place,
            $"its elements are of type {Enum.GetName(type)?.ToUpperInvariant() ?? tensor.DataType.ToString(CultureInfo.InvariantCulture)};"
                + " FLOAT, FLOAT16, DOUBLE, INT8, UINT8, INT32, INT64 and BOOL are supported.", "Export it in one of those.");
        var elements = Extents.Elements(tensor.Dims);
        if (Extents.Room(tensor.Dims) > Array.MaxLength / width)
        {
            throw Wrong(place, $"its shape {Extents.Text(tensor.Dims)} has more elements than can be read.");
        }

        var shape = tensor.Dims.Select(extent => (int)extent).ToArray();
        var data = tensor.DataLocation == DataLocation.External
            ? External(tensor, place, type, (int)elements * width)
            : own(place, type, elements * width);
        return data.Length == elements
            ? new NumericArray(shape, data)
            : throw Wrong(place, $"its shape {Extents.Text(shape)} asks for {elements} elements, but it has {data.Length}.");
    }

    private Array Raw(TensorProto tensor, string place, DataType type, long bytes)
    {
        if (tensor.RawData.Length != bytes)
        {
            throw WrongLength(tensor, place, bytes, tensor.RawData.Length);
        }

        return Load(new HeldBytes(tensor.RawData.Memory), type, 0, (int)bytes);
    }

    private FileFormatException WrongLength(TensorProto tensor, string place, long asked, long found) =>
        Wrong(place, $"its shape {Extents.Text(tensor.Dims)} asks for {asked} bytes, but it has {found}.");

    private static Array Typed(TensorProto tensor, DataType type) => type switch
    {
        DataType.Float => tensor.FloatData.ToArray(),
        DataType.Double => tensor.DoubleData.ToArray(),
        DataType.Int64 => tensor.Int64Data.ToArray(),
        DataType.Int32 => tensor.Int32Data.ToArray(),
        DataType.Float16 => tensor.Int32Data.Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).ToArray(),
        DataType.Int8 => tensor.Int32Data.Select(value => (sbyte)value).ToArray(),
        _ => tensor.Int32Data.Select(value => (byte)value).ToArray(),
    };

    private Array External(TensorProto tensor, string place, DataType type, int bytes)
    {
        var facts = tensor.ExternalData.GroupBy(entry => entry.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);
        var location = facts.GetValueOrDefault("location", "");
        var path = Inside(location) ?? throw new FileFormatException(
            file, place, $"its data is said to lie in '{location}', which is not a file in the model's folder or below it.",
            "Put the file beside the model, and name it by a path relative to it.");
        var info = new FileInfo(path);
        if (!info.Exists)
        {
            throw new FileFormatException(file, place, $"its data is said to lie in '{location}', which is not there.", "Put that file beside the model.");
        }

        if (IsLinked(info))
        {
            throw new FileFormatException(
                file,
                place,
                $"its data is said to lie in '{location}', which is a link, and so may lead out of the model's folder.",
                "Put the file itself beside the model.");
        }

        var offset = Number("offset", 0);
        var length = Number("length", bytes);
        if (length != bytes)
        {
            throw Wrong(place, $"its shape {Extents.Text(tensor.Dims)} asks for {bytes} bytes, but it is said to have {length} in '{location}'.");
        }

        if (offset > info.Length || length > info.Length - offset)
        {
            throw Wrong(place, $"bytes {offset} to {offset + (decimal)length} of '{location}' are meant, but it has {info.Length}.");
        }

        // Tensors that share their bytes would take more memory than the files have.
        taken[path] = taken.GetValueOrDefault(path) + bytes;
        if (taken[path] > info.Length)
        {
            throw Wrong(place, $"the tensors up to this one ask for {taken[path]} bytes of '{location}', which has {info.Length}.");
        }

        using var handle = File.OpenHandle(path);
        return Load(new OpenFile(handle, path), type, offset, bytes);

        long Number(string key, long usual) => !facts.TryGetValue(key, out var text) ? usual
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw Wrong(place, $"'{text}' is no {key}.");
    }

    private string? Inside(string location)
    {
        if (folder is null || location.Length == 0 || location.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var root = Path.GetFullPath(folder);
        var full = Path.GetFullPath(location, root);
        var inside = full.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return inside ? full : null;
    }

    private bool IsLinked(FileSystemInfo place)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder!));
        for (FileSystemInfo? one = place; one is not null && one.FullName.Length > root.Length; one = Directory.GetParent(one.FullName))
        {
            if (one.LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static Array Load(ByteSource source, DataType type, long offset, int bytes)
    {
        Array data = type switch
        {
            DataType.Float => new float[bytes / 4],
            DataType.Double => new double[bytes / 8],
            DataType.Int64 => new long[bytes / 8],
            DataType.Int32 => new int[bytes / 4],
            DataType.Float16 => new Half[bytes / 2],
            DataType.Int8 => new sbyte[bytes],
            _ => new byte[bytes],
        };
        source.Read(offset, data switch
        {
            float[] floats => MemoryMarshal.AsBytes(floats.AsSpan()),
            double[] doubles => MemoryMarshal.AsBytes(doubles.AsSpan()),
            long[] longs => MemoryMarshal.AsBytes(longs.AsSpan()),
            int[] ints => MemoryMarshal.AsBytes(ints.AsSpan()),
            Half[] halves => MemoryMarshal.AsBytes(halves.AsSpan()),
            sbyte[] signed => MemoryMarshal.AsBytes(signed.AsSpan()),
            _ => ((byte[])data).AsSpan(),
        });
        return data;
    }

    private static int? Width(DataType type) => type switch
    {
        DataType.Float or DataType.Int32 => 4,
        DataType.Double or DataType.Int64 => 8,
        DataType.Float16 => 2,
        DataType.Int8 or DataType.Uint8 or DataType.Bool => 1,
        _ => null,
    };

    private FileFormatException Wrong(string place, string cause) => new(file, place, cause, OnnxFile.Damaged);
}
