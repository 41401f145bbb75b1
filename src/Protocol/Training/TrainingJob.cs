using Fleet.Domain.Recipes;

namespace Fleet.Protocol.Training;

/// <summary>The job file of the trainer program: <c>fleet-trainer --job FILE</c>.</summary>
public sealed record TrainingJob
{
    /// <summary>The variant's key.</summary>
    public required string Variant { get; init; }
    public required string VariantName { get; init; }
    public required string Task { get; init; }
    public required Recipe Recipe { get; init; }
    public required long Seed { get; init; }
    /// <summary>Packed training data (path), verified against <see cref="TrainingDataSha256"/> before use.</summary>
    public required string TrainingDataPath { get; init; }
    public required string TrainingDataSha256 { get; init; }
    /// <summary>
    /// The trained model (path) that the recipe refers to, the dense one or the one in fp32, or the one that it imports, verified
    /// likewise; null where there is none.
    /// </summary>
    public string? DenseModelPath { get; init; }
    public string? DenseModelSha256 { get; init; }
    /// <summary>How many cores it may use. Decides how fast, never which weights.</summary>
    public required int Threads { get; init; }
    /// <summary>
    /// Bytes of memory that it may use, the runtime's own included; null: as many as there are. A job that needs more fails with that
    /// reason.
    /// </summary>
    public long? MemoryBytes { get; init; }
    /// <summary>Folder for checkpoints, kept between attempts; the trainer makes it if need be.</summary>
    public required string CheckpointFolder { get; init; }
    /// <summary>Where the finished model goes, written atomically.</summary>
    public required string OutputPath { get; init; }
}
