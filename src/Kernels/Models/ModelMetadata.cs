namespace Fleet.Kernels.Models;

/// <summary>Where a stored model comes from and what it is for. What is not known of an imported model is null.</summary>
public sealed record ModelMetadata
{
    public string? Task { get; init; }
    /// <summary>accuracy</summary>
    public string? Metric { get; init; }
    /// <summary>Steps of a sequence in training; any length can be run.</summary>
    public int? Steps { get; init; }
    /// <summary>Names of the classes, in the order of the head's rows; none where they have no names.</summary>
    // A document that leaves them out is read as if it said null.
    public IReadOnlyList<string> Labels { get; init => field = value ?? []; } = [];
    public string? Method { get; init; }
    public string? VariantName { get; init; }
    public string? Variant { get; init; }
    public long? Seed { get; init; }
    public int? NumericsVersion { get; init; }
    /// <summary>The learning rate that the weights were learnt at, where that asked for had diverged.</summary>
    public double? LearningRate { get; init; }
    /// <summary>What it was imported from: <c>onnx</c>, <c>pytorch</c>.</summary>
    public string? Source { get; init; }
}
