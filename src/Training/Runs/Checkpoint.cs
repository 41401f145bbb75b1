using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Kernels;
using Fleet.Kernels.Models;
using Fleet.Kernels.Tensors;

namespace Fleet.Training.Runs;

/// <summary>
/// A training between two steps, as a file: from it training goes on to the very same weights. It is of one variant under one
/// arithmetic; the variant's key covers recipe, data and seed.
/// </summary>
/// <param name="LastValidation">Of the last whole epoch.</param>
/// <param name="Seconds">Spent training so far, over all attempts.</param>
/// <param name="EpochSeconds">Of these, on the epoch under way.</param>
public sealed record Checkpoint(string Variant, TrainingSnapshot Snapshot, ChosenEpoch? Best, double LastValidation, double Seconds, double EpochSeconds)
{
    /// <summary>How often training has diverged and begun anew: see <see cref="TrainingPlan.After"/>.</summary>
    public int Divergences { get; init; }

    /// <summary>Of <see cref="Seconds"/>, those of the times that diverged.</summary>
    public double LostSeconds { get; init; }

    public const string FileName = "checkpoint.safetensors";

    private const string Kind = "checkpoint";
    private const string Parameters = "parameters";
    private const string Carried = "carried";
    private const string First = "adam.first";
    private const string Second = "adam.second";
    private const string BestParameters = "best.parameters";
    private const string MaskPrefix = "mask.";

    public void Write(Stream stream)
    {
        var header = new CheckpointHeader
        {
            Kind = Kind,
            Variant = Variant,
            NumericsVersion = NumericsVersion.Current,
            Epoch = Snapshot.Epoch,
            Steps = Snapshot.Steps,
            Loss = Snapshot.Loss,
            BestEpoch = Best?.Epoch,
            BestValidation = Best?.Validation,
            LastValidation = LastValidation,
            Seconds = Seconds,
            EpochSeconds = EpochSeconds,
            Divergences = Divergences,
            LostSeconds = LostSeconds,
        };
        var tensors = new List<Tensor>
        {
            Flat(Parameters, Snapshot.Parameters),
            Flat(First, Snapshot.First),
            Flat(Second, Snapshot.Second),
        };
        if (Snapshot.Carried.Length > 0)
        {
            tensors.Add(Flat(Carried, Snapshot.Carried));
        }

        if (Best is not null)
        {
            tensors.Add(Flat(BestParameters, Best.Parameters));
        }

        tensors.AddRange(Snapshot.Masks.Select((mask, index) => Flat(MaskPrefix + index, Array.ConvertAll(mask, keep => (ushort)(keep ? 1 : 0)))));
        var metadata = new Dictionary<string, string>
        {
            [SafetensorsFile.FleetKey] = JsonSerializer.Serialize(header, CheckpointJson.Default.CheckpointHeader),
        };
        SafetensorsFile.Write(stream, metadata, tensors);
    }

    /// <summary>Reads a checkpoint of this variant.</summary>
    /// <param name="reason">Why there is none to go on from; null where there simply is no file.</param>
    public static Checkpoint? TryRead(string path, string variant, out string? reason)
    {
        reason = null;
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var file = SafetensorsFile.Read(path);
            var text = file.Metadata.GetValueOrDefault(SafetensorsFile.FleetKey) ?? throw new JsonException("it says nothing of itself");
            var header = JsonSerializer.Deserialize(text, CheckpointJson.Default.CheckpointHeader) ?? throw new JsonException("null");
            reason = header.Kind != Kind ? "it is no checkpoint"
                : header.Variant != variant ? $"it is of variant {header.Variant}"
                : header.NumericsVersion != NumericsVersion.Current
                ? $"it was made by arithmetic of version {header.NumericsVersion}, and this is {NumericsVersion.Current}"
                : null;
            return reason is null ? Of(header, file.Tensors) : null;
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or FormatException or JsonException or KeyNotFoundException or InvalidCastException)
        {
            reason = $"it cannot be read ({error.Message})";
            return null;
        }
    }

    private static Checkpoint Of(CheckpointHeader header, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var masks = new List<bool[]>();
        while (tensors.TryGetValue(MaskPrefix + masks.Count, out var mask))
        {
            masks.Add(Array.ConvertAll((ushort[])mask.Data, keep => keep != 0));
        }

        var best = header is { BestEpoch: { } epoch, BestValidation: { } validation }
            ? new ChosenEpoch(epoch, validation, Floats(tensors, BestParameters))
            : null;
        var snapshot = new TrainingSnapshot(
            header.Epoch,
            header.Steps,
            header.Loss,
            tensors.ContainsKey(Carried) ? Floats(tensors, Carried) : [],
            Floats(tensors, Parameters),
            Floats(tensors, First),
            Floats(tensors, Second),
            masks);
        return new Checkpoint(header.Variant, snapshot, best, header.LastValidation, header.Seconds, header.EpochSeconds)
        {
            Divergences = header.Divergences,
            LostSeconds = header.LostSeconds,
        };
    }

    private static float[] Floats(IReadOnlyDictionary<string, Tensor> tensors, string name) => (float[])tensors[name].Data;

    private static Tensor Flat(string name, Array data) => new(name, [data.Length], data);
}

internal sealed record CheckpointHeader
{
    public required string Kind { get; init; }
    public required string Variant { get; init; }
    public required int NumericsVersion { get; init; }
    public required int Epoch { get; init; }
    public required long Steps { get; init; }

    /// <summary>Not in those of an earlier version, which are all between two epochs.</summary>
    public double Loss { get; init; }
    public int? BestEpoch { get; init; }
    public double? BestValidation { get; init; }
    public required double LastValidation { get; init; }
    public required double Seconds { get; init; }
    public double EpochSeconds { get; init; }
    public int Divergences { get; init; }
    public double LostSeconds { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CheckpointHeader))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
