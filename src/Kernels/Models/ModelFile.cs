using System.Text.Json;

namespace Fleet.Kernels.Models;

/// <summary>Models on disk: safetensors with <see cref="ModelDescription"/> as JSON under the key <c>fleet</c>.</summary>
public static class ModelFile
{
    /// <exception cref="FileFormatException">The file is no model, is damaged, or is of a format that this version does not know.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelDocument Read(string path) => Read(SafetensorsFile.Read(path), path);

    /// <param name="name">What messages call the file.</param>
    /// <exception cref="FileFormatException">The bytes are no model, are damaged, or are of a format that this version does not know.</exception>
    public static ModelDocument Read(ReadOnlyMemory<byte> bytes, string name) => Read(SafetensorsFile.Read(bytes, name), name);

    /// <exception cref="ArgumentException">The document contradicts itself; the message says where. Nothing was written.</exception>
    public static void Write(Stream stream, ModelDocument document)
    {
        Check(document);
        SafetensorsFile.Write(stream, Metadata(document), document.Tensors.Values);
    }

    /// <summary>Writes a file that is either there whole or not at all: see <see cref="AtomicFile"/>.</summary>
    /// <inheritdoc cref="Write(Stream, ModelDocument)"/>
    public static void Write(string path, ModelDocument document)
    {
        Check(document);
        SafetensorsFile.Write(path, Metadata(document), document.Tensors.Values);
    }

    private static Dictionary<string, string> Metadata(ModelDocument document) => new()
    {
        [SafetensorsFile.FleetKey] = JsonSerializer.Serialize(ModelDescription.Of(document), ModelDescriptionJson.Default.ModelDescription),
    };

    private static void Check(ModelDocument document)
    {
        if (ModelCheck.FindFault(document) is var (place, cause))
        {
            throw new ArgumentException($"The model cannot be stored: {place}: {cause}", nameof(document));
        }
    }

    private static ModelDocument Read(SafetensorsFile file, string name)
    {
        const string place = $"metadata '{SafetensorsFile.FleetKey}'";
        if (!file.Metadata.TryGetValue(SafetensorsFile.FleetKey, out var text))
        {
            throw new FileFormatException(name, place, "it is missing: these are tensors, but no model of Fleet.", "Give a model that Fleet has trained.");
        }

        try
        {
            var document = Format(text, name, place) == FormatOne.Number ? FormatOne.Read(text, file.Tensors) : Read(text, file.Tensors);
            return ModelCheck.FindFault(document) is var (where, cause)
                ? throw new FileFormatException(name, where, cause, FileFormatException.Damaged)
                : document;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new FileFormatException(name, place, $"it does not describe a model ({error.Message}).", FileFormatException.Damaged, error);
        }
    }

    private static ModelDocument Read(string text, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var description = JsonSerializer.Deserialize(text, ModelDescriptionJson.Default.ModelDescription) ?? throw new JsonException("null");
        return new ModelDocument(description.Metadata, ModelStructures.Restore(description), tensors);
    }

    // Before the rest is believed: another format names and means things otherwise.
    private static int Format(string text, string name, string place)
    {
        using var json = JsonDocument.Parse(text);
        if (!json.RootElement.TryGetProperty("format", out var element) || element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out var format))
        {
            throw new JsonException("format is not a number");
        }

        return format is FormatOne.Number or ModelDescription.CurrentFormat
            ? format
            : throw new FileFormatException(
                name,
                place,
                $"the model is of format {format}; this version of Fleet reads formats {FormatOne.Number} and {ModelDescription.CurrentFormat}.",
                format > ModelDescription.CurrentFormat ? "Update Fleet." : "Train it again.");
    }
}
