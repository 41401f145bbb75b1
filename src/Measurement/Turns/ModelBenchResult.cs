using System.Text.Json.Serialization;

namespace Fleet.Measurement.Turns;

/// <summary>How long a model takes, alone or beside a peer.</summary>
/// <param name="Window">A whole sequence.</param>
/// <param name="Streaming">One step; null where the model needs the whole sequence.</param>
/// <param name="MaxAbsDifference">Between the outputs of both, over the whole sequence; null without a peer.</param>
public sealed record ModelBenchResult(ModeBenchResult Window, ModeBenchResult? Streaming, double? MaxAbsDifference);

/// <summary>One mode.</summary>
/// <param name="OursUs">Microseconds on Fleet's kernels.</param>
/// <param name="OnnxruntimeUs">Microseconds on ONNX Runtime; null without it.</param>
/// <param name="Ratio">How many times faster Fleet is.</param>
public sealed record ModeBenchResult(double OursUs, double? OnnxruntimeUs, double? Ratio)
{
    public static ModeBenchResult Of(double ours, double? peer) => new(ours, peer, peer / ours);
}

/// <summary>The document of <c>fleet model bench</c>, and what the peer's program answers with.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ModelBenchResult))]
public sealed partial class ModelBenchJson : JsonSerializerContext;
