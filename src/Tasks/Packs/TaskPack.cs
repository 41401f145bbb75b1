using System.Text.Json;
using Fleet.Kernels.Models;
using Fleet.Kernels.Tensors;

namespace Fleet.Tasks.Packs;

/// <summary>One part of a task's data as a file: safetensors with <see cref="PackMetadata"/>. The same data gives the same bytes.</summary>
public abstract record TaskPack(PackMetadata Metadata)
{
    private const string Remedy = "Pack the data again with this version of Fleet.";

    /// <summary>Reads a pack of either kind.</summary>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="FileFormatException">The bytes are no pack, are damaged, or contradict themselves.</exception>
    public static TaskPack Read(ReadOnlyMemory<byte> bytes, string name)
    {
        var file = SafetensorsFile.Read(bytes, name);
        var metadata = ReadMetadata(file, name);
        return metadata.Kind == PackMetadata.TokenKind ? PackedTokens.Of(metadata, file, name) : PackedSet.Of(metadata, file, name);
    }

    internal PackedFile Pack()
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(
            stream, new Dictionary<string, string> { [SafetensorsFile.FleetKey] = JsonSerializer.Serialize(Metadata, PackJson.Default.PackMetadata) },
            Tensors());
        return PackedFile.Of(stream.ToArray());
    }

    private protected abstract IEnumerable<Tensor> Tensors();

    private protected static FileFormatException Wrong(string name, string place, string cause, Exception? inner = null) =>
        new(name, place, cause, Remedy, inner);

    private static PackMetadata ReadMetadata(SafetensorsFile file, string name)
    {
        const string place = $"metadata '{SafetensorsFile.FleetKey}'";
        var text = file.Metadata.GetValueOrDefault(SafetensorsFile.FleetKey);
        if (text is null)
        {
            throw Wrong(name, place, "it is missing: these are tensors, but no packed data set.");
        }

        try
        {
            using (var json = JsonDocument.Parse(text))
            {
                CheckKind(json.RootElement, name, place);
            }

            var metadata = JsonSerializer.Deserialize(text, PackJson.Default.PackMetadata) ?? throw new JsonException("null");
            return metadata.Split is PackMetadata.TrainingSplit or PackMetadata.TestSplit
                ? metadata
                : throw Wrong(name, place, $"the split is '{metadata.Split}', but must be training or test.");
        }
        catch (Exception error)
            when (error is JsonException or InvalidOperationException or KeyNotFoundException or (FormatException and not FileFormatException))
        {
            throw Wrong(name, place, $"it does not describe a packed data set ({error.Message}).", error);
        }
    }

    // Before the rest is believed: a model has other keys, and a later format may mean other things by the same ones.
    private static void CheckKind(JsonElement root, string name, string place)
    {
        if (!root.TryGetProperty("kind", out var kind) || kind.GetString() is not (PackMetadata.DataKind or PackMetadata.TokenKind))
        {
            throw Wrong(name, place, "the file is of Fleet, but no packed data set.");
        }

        var format = root.GetProperty("format").GetInt32();
        if (format != PackMetadata.CurrentFormat)
        {
            throw Wrong(name, place, $"the pack is of format {format}; this version of Fleet reads format {PackMetadata.CurrentFormat}.");
        }
    }
}
