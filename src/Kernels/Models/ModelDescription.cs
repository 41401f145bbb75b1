using System.Text.Json.Serialization;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Models;

/// <summary>
/// How a stored model is run and where it comes from: one JSON document under the key <c>fleet</c> of a safetensors header.
/// A <see cref="ModelStructure"/> in words.
/// </summary>
internal sealed record ModelDescription
{
    public const int CurrentFormat = 2;

    public int Format { get; init; } = CurrentFormat;
    public required ModelMetadata Metadata { get; init; }
    /// <summary>int8; absent for fp32.</summary>
    public string? Precision { get; init; }
    public EmbeddingStructure? Embedding { get; init; }
    public required bool Normalised { get; init; }
    public required IReadOnlyList<LayerDescription> Layers { get; init; }
    public required HeadDescription Head { get; init; }

    public static ModelDescription Of(ModelDocument document) => new()
    {
        Metadata = document.Metadata,
        Precision = document.Structure.Precision == Structures.Precision.Fp32 ? null : EnumNames.Of(document.Structure.Precision),
        Embedding = document.Structure.Embedding,
        Normalised = document.Structure.Normalised,
        Layers = [.. document.Structure.Layers.Select(LayerDescription.Of)],
        Head = new HeadDescription(EnumNames.Of(document.Structure.Head.Kind), document.Structure.Head.Outputs, document.Structure.Head.Softmax),
    };
}

/// <summary>A layer: its cell with options, and the form of each matrix of each direction.</summary>
internal sealed record LayerDescription
{
    /// <summary>lstm | gru | rnn | fastgrnn</summary>
    public required string Cell { get; init; }
    public required int Input { get; init; }
    public required int Hidden { get; init; }
    /// <summary>forward | reverse | bidirectional</summary>
    public required string Direction { get; init; }
    public bool ResetBefore { get; init; }
    public bool Relu { get; init; }
    public bool Peepholes { get; init; }
    /// <summary>For each direction, the matrices by their names within the cell, in their order.</summary>
    public required IReadOnlyList<Dictionary<string, MatrixDescription>> Matrices { get; init; }

    public static LayerDescription Of(LayerStructure layer) => new()
    {
        Cell = layer.Shape.Kind,
        Input = layer.Shape.Input,
        Hidden = layer.Shape.Hidden,
        Direction = EnumNames.Of(layer.Direction),
        ResetBefore = layer.Shape.ResetBefore,
        Relu = layer.Shape.Relu,
        Peepholes = layer.Shape.Peepholes,
        Matrices = [.. layer.Cells.Select(cell => cell.Matrices
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ToDictionary(pair => pair.Name, pair => MatrixDescription.Of(pair.Matrix), StringComparer.Ordinal))],
    };
}

/// <param name="Kind">none | sequence | step | language</param>
internal sealed record HeadDescription(string Kind, int Outputs, bool Softmax);

/// <summary>A matrix structure as metadata: enough to build it again.</summary>
internal sealed record MatrixDescription(string Method, SortedDictionary<string, string> Arguments)
{
    public static MatrixDescription Of(MatrixStructure structure) =>
        new(structure.Method, new SortedDictionary<string, string>(structure.Arguments.ToDictionary(), StringComparer.Ordinal));
}

/// <summary>One context for both formats, which share types. Metadata alone reads and writes; a second writer would only be faster.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(FormatOneMetadata))]
internal sealed partial class ModelDescriptionJson : JsonSerializerContext;
