using System.Globalization;
using Fleet.Kernels.Structures;
using Fleet.Kernels.Tensors;

namespace Fleet.Kernels.Models;

/// <summary>
/// A model as it is stored: metadata, structure and every tensor. Tensors, each where the structure has it:
/// <c>embedding.weight</c>[vocabulary, width]; <c>normalisation.mean</c> and <c>normalisation.scale</c>[features]; for each layer l
/// and direction (<c>forward</c>, <c>reverse</c>) <c>layers.l.direction.</c> and then <c>input.*</c>, <c>recurrent.*</c> and
/// <c>candidate.*</c> as <see cref="MatrixStructure.Tensors"/> says, and what <see cref="CellTensors"/> names;
/// <c>head.weight</c>[outputs, width of the last layer], <c>head.bias</c>[outputs]. In int8 each tensor of weights holds bytes, and
/// has beside it the scales of its rows: <c>head.weight_scale</c>[outputs].
/// </summary>
public sealed record ModelDocument(ModelMetadata Metadata, ModelStructure Structure, IReadOnlyDictionary<string, Tensor> Tensors)
{
    public const string Embedding = "embedding.weight";
    public const string HeadPrefix = "head.";
    public const string HeadWeight = HeadPrefix + "weight";
    public const string HeadBias = "head.bias";
    public const string Mean = "normalisation.mean";
    public const string Scale = "normalisation.scale";

    /// <summary>Bytes of all tensors as a file holds them, its header left out.</summary>
    public long StoredBytes => Expected(Structure).Sum(spec => spec.Elements * spec.Type.Bytes());

    /// <summary>What the names of a cell's tensors begin with: <c>layers.0.forward.</c></summary>
    public static string CellPrefix(int layer, bool reverse) =>
        string.Create(CultureInfo.InvariantCulture, $"layers.{layer}.{(reverse ? "reverse" : "forward")}.");

    /// <summary>What the names of a matrix's tensors begin with: <c>layers.0.forward.recurrent.</c></summary>
    /// <param name="matrix"><see cref="CellTensors.Input"/>, <see cref="CellTensors.Recurrent"/> or <see cref="CellTensors.Candidate"/>.</param>
    public static string MatrixPrefix(int layer, bool reverse, string matrix) => $"{CellPrefix(layer, reverse)}{matrix}.";

    /// <summary>The form of the head's weights.</summary>
    public static MatrixStructure HeadMatrix(ModelStructure structure) => new DenseStructure(1, structure.Head.Outputs, structure.Layers[^1].Outputs);

    /// <summary>The tensors that a model of this structure has: full names, types and shapes.</summary>
    public static IReadOnlyList<TensorSpec> Expected(ModelStructure structure)
    {
        var (layers, head) = (structure.Layers, structure.Head);
        var int8 = structure.Precision == Precision.Int8;
        var specs = new List<TensorSpec>();
        if (structure.Embedding is { } embedding)
        {
            AddWeights(Embedding, embedding.Vocabulary, embedding.Width);
        }

        if (structure.Normalised)
        {
            specs.Add(new(Mean, ElementType.F32, layers[0].Shape.Input));
            specs.Add(new(Scale, ElementType.F32, layers[0].Shape.Input));
        }

        foreach (var (prefix, cell) in structure.Cells())
        {
            specs.AddRange(cell.Matrices.SelectMany(pair =>
                (int8 ? pair.Matrix.Int8Tensors : pair.Matrix.Tensors).Select(spec => spec with { Name = $"{prefix}{pair.Name}.{spec.Name}" })));
            specs.AddRange(CellTensors.Vectors(cell.Shape).Select(spec => spec with { Name = prefix + spec.Name }));
        }

        if (head.Kind != HeadKind.None)
        {
            AddWeights(HeadWeight, head.Outputs, layers[^1].Outputs);
            specs.Add(new(HeadBias, ElementType.F32, head.Outputs));
        }

        return specs;

        void AddWeights(string name, int rows, int columns)
        {
            specs.Add(new(name, int8 ? ElementType.I8 : ElementType.F32, rows, columns));
            if (int8)
            {
                specs.Add(new(TensorSpec.ScaleName(name), ElementType.F32, rows));
            }
        }
    }
}

public static class ModelCells
{
    /// <summary>Every cell with what its tensors' names begin with, from the lowest layer up.</summary>
    public static IEnumerable<(string Prefix, CellStructure Cell)> Cells(this ModelStructure structure) =>
        structure.Layers.SelectMany((layer, index) => layer.Cells.Select((cell, place) => (ModelDocument.CellPrefix(index, layer.IsReverse(place)), cell)));
}
