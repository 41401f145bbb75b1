using System.Text.Json.Serialization;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Models;

/// <summary>How a stored model is run and where it comes from: one JSON document under the key <c>fleet</c> of a safetensors header.</summary>
public sealed record ModelMetadata
{
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;
    public required string Task { get; init; }
    /// <summary>accuracy</summary>
    public required string Metric { get; init; }
    /// <summary>lstm</summary>
    public required string Cell { get; init; }
    public required int Input { get; init; }
    public required int Hidden { get; init; }
    /// <summary>Steps of a sequence in training; any length can be run.</summary>
    public required int Steps { get; init; }
    /// <summary>Names of the classes, in the order of the head's rows.</summary>
    public required IReadOnlyList<string> Labels { get; init; }
    public required string Method { get; init; }
    /// <summary>Method and arguments of the input matrix as they came out (<c>r</c>, <c>k</c>, <c>d</c>).</summary>
    public required MatrixDescription InputMatrix { get; init; }
    public required MatrixDescription RecurrentMatrix { get; init; }
    public required string VariantName { get; init; }
    public required string Variant { get; init; }
    public required long Seed { get; init; }
    public required int NumericsVersion { get; init; }
}

/// <summary>A matrix structure as metadata: enough to build it again.</summary>
public sealed record MatrixDescription(string Method, SortedDictionary<string, string> Arguments)
{
    public static MatrixDescription Of(MatrixStructure structure) =>
        new(structure.Method, new SortedDictionary<string, string>(structure.Arguments.ToDictionary()));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ModelMetadata))]
internal sealed partial class ModelMetadataJson : JsonSerializerContext;
