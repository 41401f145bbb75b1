using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Models;

/// <summary>
/// A model as it is stored: metadata, the cell's structure and every tensor.
/// Tensors: <c>input.*</c> and <c>recurrent.*</c> as <see cref="MatrixStructure.Tensors"/> says, <c>bias</c>[gates * hidden],
/// <c>head.weight</c>[classes, hidden], <c>head.bias</c>[classes], <c>normalisation.mean</c>[input] and
/// <c>normalisation.scale</c>[input]: the cell reads (x - mean) * scale.
/// </summary>
public sealed record ModelDocument(ModelMetadata Metadata, CellStructure Structure, IReadOnlyDictionary<string, Tensor> Tensors)
{
    public const string InputPrefix = "input.";
    public const string RecurrentPrefix = "recurrent.";
    public const string Bias = "bias";
    public const string HeadWeight = "head.weight";
    public const string HeadBias = "head.bias";
    public const string Mean = "normalisation.mean";
    public const string Scale = "normalisation.scale";

    /// <summary>The tensors that a model of this structure has: full names, types and shapes.</summary>
    public static IReadOnlyList<TensorSpec> Expected(CellStructure structure, int classes)
    {
        var shape = structure.Shape;
        return
        [
            .. structure.Input.Tensors.Select(spec => spec with { Name = InputPrefix + spec.Name }),
            .. structure.Recurrent.Tensors.Select(spec => spec with { Name = RecurrentPrefix + spec.Name }),
            new(Bias, ElementType.F32, shape.Gates * shape.Hidden),
            new(HeadWeight, ElementType.F32, classes, shape.Hidden),
            new(HeadBias, ElementType.F32, classes),
            new(Mean, ElementType.F32, shape.Input),
            new(Scale, ElementType.F32, shape.Input),
        ];
    }
}
