using System.Text.Json;
using Fleet.Kernels.Methods;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Models;

/// <summary>
/// Models of the first format: one forward LSTM layer, normalised features, a class a sequence. Read as what they would be now;
/// what was trained then stays good, for the arithmetic has not changed.
/// </summary>
internal static class FormatOne
{
    public const int Number = 1;

    private static readonly string Cell = ModelDocument.CellPrefix(0, reverse: false);

    /// <exception cref="JsonException">The text is not the metadata of a model of this format.</exception>
    /// <exception cref="ArgumentException">It describes no structure.</exception>
    public static ModelDocument Read(string text, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var old = JsonSerializer.Deserialize(text, ModelDescriptionJson.Default.FormatOneMetadata) ?? throw new JsonException("null");
        if (old.Cell != CellShape.Lstm)
        {
            throw new ArgumentException($"cell '{old.Cell}' is unknown to format {Number}; known is {CellShape.Lstm}");
        }

        if (old.Labels.Count == 0)
        {
            throw new ArgumentException("labels must name at least one class");
        }

        var metadata = new ModelMetadata
        {
            Task = old.Task,
            Metric = old.Metric,
            Steps = old.Steps,
            Labels = old.Labels,
            Method = old.Method,
            VariantName = old.VariantName,
            Variant = old.Variant,
            Seed = old.Seed,
            NumericsVersion = old.NumericsVersion,
        };
        var description = new ModelDescription
        {
            Metadata = metadata,
            Normalised = true,
            Layers =
            [
                new LayerDescription
                {
                    Cell = old.Cell,
                    Input = old.Input,
                    Hidden = old.Hidden,
                    Direction = EnumNames.Of(LayerDirection.Forward),
                    Matrices = [new() { [CellTensors.Input] = old.InputMatrix, [CellTensors.Recurrent] = old.RecurrentMatrix }],
                },
            ],
            Head = new HeadDescription(EnumNames.Of(HeadKind.Sequence), old.Labels.Count, Softmax: false),
        };
        var renamed = tensors.Values.Select(tensor => tensor with { Name = Rename(tensor.Name) }).ToDictionary(tensor => tensor.Name);
        return new ModelDocument(metadata, ModelStructures.Restore(description, WeightMethods.Registry), renamed);
    }

    private static string Rename(string name) =>
        name == CellTensors.Bias || name.StartsWith($"{CellTensors.Input}.", StringComparison.Ordinal)
        || name.StartsWith($"{CellTensors.Recurrent}.", StringComparison.Ordinal)
            ? Cell + name
            : name;
}

internal sealed record FormatOneMetadata
{
    public required string Task { get; init; }
    public required string Metric { get; init; }
    public required string Cell { get; init; }
    public required int Input { get; init; }
    public required int Hidden { get; init; }
    public required int Steps { get; init; }
    public required IReadOnlyList<string> Labels { get; init; }
    public required string Method { get; init; }
    public required MatrixDescription InputMatrix { get; init; }
    public required MatrixDescription RecurrentMatrix { get; init; }
    public required string VariantName { get; init; }
    public required string Variant { get; init; }
    public required long Seed { get; init; }
    public required int NumericsVersion { get; init; }
}
