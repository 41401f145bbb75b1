using System.Text.Json;
using Fleet.Kernels.Models;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Packs;

/// <summary>
/// One part of a task's data as a file: safetensors with <c>inputs</c> f32 [samples, steps, features], <c>labels</c> u16 [samples],
/// where the data names persons <c>groups</c> u16 [samples], and <see cref="PackMetadata"/>. The same data gives the same bytes.
/// </summary>
public sealed record PackedSet(PackMetadata Metadata, SequenceSet Data)
{
    private const string Inputs = "inputs";
    private const string Labels = "labels";
    private const string Groups = "groups";

    private const string Remedy = "Pack the data again with this version of Fleet.";

    /// <exception cref="FileFormatException">The file is no pack, is damaged, or contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PackedSet Read(string path) => Read(SafetensorsFile.Read(path), path);

    /// <param name="name">What messages call the file.</param>
    /// <exception cref="FileFormatException">The bytes are no pack, are damaged, or contradict themselves.</exception>
    public static PackedSet Read(ReadOnlyMemory<byte> bytes, string name) => Read(SafetensorsFile.Read(bytes, name), name);

    internal PackedFile Pack()
    {
        using var stream = new MemoryStream();
        var metadata = new Dictionary<string, string>
        {
            [SafetensorsFile.FleetKey] = JsonSerializer.Serialize(Metadata, PackJson.Default.PackMetadata),
        };
        List<Tensor> tensors =
        [
            new Tensor(Inputs, [Data.Samples, Data.Steps, Data.Features], Data.Inputs),
            new Tensor(Labels, [Data.Samples], Data.Labels),
        ];
        if (Data.Groups is { } groups)
        {
            tensors.Add(new Tensor(Groups, [Data.Samples], groups));
        }

        SafetensorsFile.Write(stream, metadata, tensors);
        return PackedFile.Of(stream.ToArray());
    }

    private static PackedSet Read(SafetensorsFile file, string name)
    {
        var metadata = ReadMetadata(file, name);
        if (metadata.Split is not (PackMetadata.TrainingSplit or PackMetadata.TestSplit))
        {
            throw Wrong(name, "metadata 'fleet'", $"the split is '{metadata.Split}', but must be training or test.");
        }

        if (!file.Tensors.TryGetValue(Inputs, out var inputs) || inputs is not { Data: float[] values, Shape: [var samples, var steps, var features] })
        {
            throw Wrong(name, $"tensor '{Inputs}'", "it is missing, or is not f32 [samples, steps, features].");
        }

        if (!file.Tensors.TryGetValue(Labels, out var stored) || stored is not { Data: ushort[] labels, Shape: [var count] })
        {
            throw Wrong(name, $"tensor '{Labels}'", "it is missing, or is not u16 [samples].");
        }

        if (samples == 0 || steps == 0 || features != metadata.Channels.Count)
        {
            throw Wrong(name, $"tensor '{Inputs}'", $"its shape is [{samples}, {steps}, {features}], but at least one sample of at least one step with {metadata.Channels.Count} channels is expected.");
        }

        if (count != samples)
        {
            throw Wrong(name, $"tensor '{Labels}'", $"it has {count} labels for {samples} samples.");
        }

        var stray = Array.FindIndex(labels, label => label >= metadata.Labels.Count);
        return stray < 0
            ? new PackedSet(metadata, new SequenceSet(steps, features, values, labels) { Groups = ReadGroups(file, samples, name) })
            : throw Wrong(name, $"tensor '{Labels}'", $"label {labels[stray]} of sample {stray} has no name; the task has {metadata.Labels.Count} classes.");
    }

    private static ushort[]? ReadGroups(SafetensorsFile file, int samples, string name)
    {
        if (!file.Tensors.TryGetValue(Groups, out var stored))
        {
            return null;
        }

        return stored is { Data: ushort[] groups, Shape: [var count] } && count == samples
            ? groups
            : throw Wrong(name, $"tensor '{Groups}'", $"it is not u16 [{samples}], one person's number for each sample.");
    }

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

            return JsonSerializer.Deserialize(text, PackJson.Default.PackMetadata) ?? throw new JsonException("null");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Wrong(name, place, $"it does not describe a packed data set ({error.Message}).", error);
        }
    }

    // Before the rest is believed: a model has other keys, and a later format may mean other things by the same ones.
    private static void CheckKind(JsonElement root, string name, string place)
    {
        if (!root.TryGetProperty("kind", out var kind) || kind.GetString() != PackMetadata.DataKind)
        {
            throw Wrong(name, place, "the file is of Fleet, but no packed data set.");
        }

        var format = root.GetProperty("format").GetInt32();
        if (format != PackMetadata.CurrentFormat)
        {
            throw Wrong(name, place, $"the pack is of format {format}; this version of Fleet reads format {PackMetadata.CurrentFormat}.");
        }
    }

    private static FileFormatException Wrong(string name, string place, string cause, Exception? inner = null) =>
        new(name, place, cause, Remedy, inner);
}
