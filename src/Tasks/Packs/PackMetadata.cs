using System.Text.Json.Serialization;

namespace Fleet.Tasks.Packs;

/// <summary>What a pack holds: one JSON document under the key <c>fleet</c> of its safetensors header.</summary>
public sealed record PackMetadata
{
    public const int CurrentFormat = 1;

    /// <summary>Value of <see cref="Kind"/>: tells a pack from a model, which carries its own document under the same key.</summary>
    public const string DataKind = "data";

    /// <summary>The same for a stream of tokens.</summary>
    public const string TokenKind = "tokens";

    public const string TrainingSplit = "training";
    public const string TestSplit = "test";

    public int Format { get; init; } = CurrentFormat;
    public string Kind { get; init; } = DataKind;
    public required string Task { get; init; }
    /// <summary>training (training and validation) | test</summary>
    public required string Split { get; init; }
    public required string Metric { get; init; }
    /// <summary>Names of the classes, or of the tokens of a vocabulary; number 0 is the first.</summary>
    public required IReadOnlyList<string> Labels { get; init; }
    /// <summary>Names of the features of a time step.</summary>
    public required IReadOnlyList<string> Channels { get; init; }
    /// <summary>0 where steps take no time of their own.</summary>
    public required double SampleRateHz { get; init; }
    /// <summary>Tokens a window, in a pack of tokens; sequences have their length themselves.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Steps { get; init; }
    /// <summary>How the data came to be: source, seed, counts.</summary>
    public required SortedDictionary<string, string> Notes { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PackMetadata))]
internal sealed partial class PackJson : JsonSerializerContext;
