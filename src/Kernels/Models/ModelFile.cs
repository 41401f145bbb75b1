using System.Text.Json;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Models;

/// <summary>Models on disk: safetensors with <see cref="ModelDescription"/> as JSON under the key <c>fleet</c>.</summary>
public static class ModelFile
{
    private const string Place = $"metadata '{SafetensorsFile.FleetKey}'";

    /// <param name="methods">Those that it may name; those of this version, if none are given.</param>
    /// <exception cref="FileFormatException">The file is no model, is damaged, or is of a format that this version does not know.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelDocument Read(string path, MethodRegistry? methods = null) => Read(SafetensorsFile.Read(path), path, methods);

    /// <param name="name">What messages call the file.</param>
    /// <param name="methods">Those that it may name; those of this version, if none are given.</param>
    /// <exception cref="FileFormatException">The bytes are no model, are damaged, or are of a format that this version does not know.</exception>
    public static ModelDocument Read(ReadOnlyMemory<byte> bytes, string name, MethodRegistry? methods = null) =>
        Read(SafetensorsFile.Read(bytes, name), name, methods);

    /// <exception cref="ArgumentException">The document contradicts itself; the message says where. Nothing was written.</exception>
    public static void Write(Stream stream, ModelDocument document)
    {
        Check(document);
        SafetensorsFile.Write(stream, Metadata(document), document.Tensors.Values);
    }

    /// <summary>All of a model but its tensors, as the text that files of other formats carry: see <see cref="Restore"/>.</summary>
    public static string Describe(ModelDocument document) =>
        JsonSerializer.Serialize(ModelDescription.Of(document), ModelDescriptionJson.Default.ModelDescription);

    /// <summary>A model from its description and tensors that are found by it.</summary>
    /// <param name="text">From <see cref="Describe"/>.</param>
    /// <param name="name">What messages call the file that it was in.</param>
    /// <param name="methods">Those that it may name; those of this version, if none are given.</param>
    /// <exception cref="FileFormatException">The text describes no model, or the tensors are not those of the model.</exception>
    public static ModelDocument Restore(
        string text, string name, Func<ModelStructure, IReadOnlyDictionary<string, Tensor>> tensors, MethodRegistry? methods = null) =>
        Build(text, name, format => Format(format, name) == ModelDescription.CurrentFormat
            ? Read(format, tensors, methods)
            : throw new ArgumentException($"format {FormatOne.Number} is for files of tensors only"));

    /// <summary>The first contradiction in a model, or the first weight that is no finite number; null if there is none.</summary>
    public static (string Place, string Cause)? FindFault(ModelDocument document)
    {
        if (ModelCheck.FindFault(document) is { } fault)
        {
            return fault;
        }

        foreach (var tensor in document.Tensors.Values.Where(tensor => tensor.Type == ElementType.F32))
        {
            if (Finiteness.FirstNotFinite(tensor.Floats) is >= 0 and var index)
            {
                return ($"tensor '{tensor.Name}'", $"element {index} is {tensor.Floats[index]}; only finite values can be run.");
            }
        }

        return null;
    }

    private static Dictionary<string, string> Metadata(ModelDocument document) => new() { [SafetensorsFile.FleetKey] = Describe(document) };

    private static void Check(ModelDocument document)
    {
        if (ModelCheck.FindFault(document) is var (place, cause))
        {
            throw new ArgumentException($"The model cannot be stored: {place}: {cause}", nameof(document));
        }
    }

    /// <param name="file">Tensors with the description of a model.</param>
    /// <param name="name">What messages call it.</param>
    /// <inheritdoc cref="Read(string, MethodRegistry)"/>
    public static ModelDocument Read(SafetensorsFile file, string name, MethodRegistry? methods = null)
    {
        if (!file.Metadata.TryGetValue(SafetensorsFile.FleetKey, out var text))
        {
            throw new FileFormatException(name, Place, "it is missing: these are tensors, but no model of Fleet.", "Give a model that Fleet has trained.");
        }

        return Build(
            text, name, known => Format(known, name) == FormatOne.Number ? FormatOne.Read(known, file.Tensors) : Read(known, _ => file.Tensors, methods));
    }

    private static ModelDocument Build(string text, string name, Func<string, ModelDocument> build)
    {
        try
        {
            var document = build(text);
            return ModelCheck.FindFault(document) is var (where, cause)
                ? throw new FileFormatException(name, where, cause, FileFormatException.Damaged)
                : document;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new FileFormatException(name, Place, $"it does not describe a model ({error.Message}).", FileFormatException.Damaged, error);
        }
    }

    private static ModelDocument Read(string text, Func<ModelStructure, IReadOnlyDictionary<string, Tensor>> tensors, MethodRegistry? methods)
    {
        var description = JsonSerializer.Deserialize(text, ModelDescriptionJson.Default.ModelDescription) ?? throw new JsonException("null");
        var structure = ModelStructures.Restore(description, methods ?? WeightMethods.Registry);
        return new ModelDocument(description.Metadata, structure, tensors(structure));
    }

    // Before the rest is believed: another format names and means things otherwise.
    private static int Format(string text, string name)
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
                Place,
                $"the model is of format {format}; this version of Fleet reads formats {FormatOne.Number} and {ModelDescription.CurrentFormat}.",
                format > ModelDescription.CurrentFormat ? "Update Fleet." : "Train it again.");
    }
}
