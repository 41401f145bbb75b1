using Fleet.Interchange.Networks;
using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Cli.Models;

/// <summary>What <c>fleet model show</c> tells of a model.</summary>
/// <param name="Source">What the file is: fleet, onnx, pytorch.</param>
/// <param name="Precision">fp32 | int8</param>
/// <param name="FileBytes">Of the file that was shown.</param>
/// <param name="Bytes">Of all tensors as Fleet stores them.</param>
/// <param name="MacsPerStep">Multiply-accumulates of one step, head included.</param>
/// <param name="Compression">Dense parameters over stored ones, of the cells' matrices.</param>
internal sealed record ModelSummary(
    string File,
    string Source,
    string? Task,
    int Input,
    EmbeddingSummary? Embedding,
    bool Normalised,
    string Precision,
    IReadOnlyList<LayerSummary> Layers,
    HeadSummary Head,
    long Parameters,
    long FileBytes,
    long Bytes,
    long MacsPerStep,
    double Compression,
    IReadOnlyList<string> LeftOut)
{
    /// <param name="path">What the model is called.</param>
    /// <param name="fileBytes">Of its file.</param>
    public static ModelSummary Of(string path, long fileBytes, ExchangedModel model)
    {
        var document = model.Document;
        var structure = document.Structure;
        return new ModelSummary(
            path,
            SourceName(model.Origin),
            document.Metadata.Task,
            structure.Features,
            structure.Embedding is { } embedding
                ? new EmbeddingSummary(embedding.Vocabulary, embedding.Width, embedding.Parameters, Stored(document, "embedding."))
                : null,
            structure.Normalised,
            structure.Precision.ToString().ToLowerInvariant(),
            [.. structure.Layers.Select((layer, index) => LayerSummary.Of(layer, index, document))],
            new HeadSummary(
                structure.Head.Kind.ToString().ToLowerInvariant(),
                structure.Head.Outputs,
                structure.Head.Softmax,
                document.Metadata.Labels,
                (long)structure.Head.Outputs * (structure.Layers[^1].Outputs + 1),
                Stored(document, "head."),
                (long)structure.Head.Outputs * structure.Layers[^1].Outputs),
            structure.Parameters,
            fileBytes,
            Stored(document, ""),
            structure.MacsPerStep,
            structure.Compression,
            model.LeftOut);
    }

    public static string SourceName(ModelOrigin origin) => origin.ToString().ToLowerInvariant();

    /// <summary>Bytes of the tensors whose names begin like this.</summary>
    public static long Stored(ModelDocument document, string prefix) =>
        document.Tensors.Values
            .Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Sum(tensor => (long)tensor.Data.Length * tensor.Type.Bytes());
}

internal sealed record EmbeddingSummary(int Vocabulary, int Width, long Parameters, long Bytes);

/// <param name="Kind">none | sequence | step | language</param>
internal sealed record HeadSummary(string Kind, int Outputs, bool Softmax, IReadOnlyList<string> Labels, long Parameters, long Bytes, long Macs);

/// <param name="Parameters">Of all matrices and biases.</param>
internal sealed record LayerSummary(
    string Cell, string Direction, int Input, int Hidden, bool ResetBefore, bool Relu, bool Peepholes,
    IReadOnlyList<MatrixSummary> Matrices, long Parameters, long Bytes, long Macs)
{
    public static LayerSummary Of(LayerStructure layer, int index, ModelDocument document)
    {
        var shape = layer.Shape;
        return new LayerSummary(
            shape.Kind,
            layer.Direction.ToString().ToLowerInvariant(),
            shape.Input,
            shape.Hidden,
            shape.ResetBefore,
            shape.Relu,
            shape.Peepholes,
            [
                .. layer.Cells.SelectMany((cell, place) => cell.Matrices.Select(
                    pair => MatrixSummary.Of(index, layer.IsReverse(place), pair.Name, pair.Matrix, document))),
            ],
            layer.Parameters + layer.Cells.Sum(cell => CellTensors.Vectors(cell.Shape).Sum(spec => spec.Elements)),
            ModelSummary.Stored(document, FormattableString.Invariant($"layers.{index}.")),
            layer.MacsPerStep);
    }
}

/// <param name="Direction">forward | reverse</param>
internal sealed record MatrixSummary(
    string Name, string Direction, string Method, IReadOnlyDictionary<string, string> Arguments, int Rows, int Columns, long Parameters, long Bytes, long Macs)
{
    public static MatrixSummary Of(int layer, bool reverse, string name, MatrixStructure matrix, ModelDocument document) => new(
        name,
        reverse ? "reverse" : "forward",
        matrix.Method,
        matrix.Arguments,
        matrix.Gates * matrix.Rows,
        matrix.Columns,
        matrix.Parameters,
        ModelSummary.Stored(document, ModelDocument.MatrixPrefix(layer, reverse, name)),
        matrix.Macs);
}
