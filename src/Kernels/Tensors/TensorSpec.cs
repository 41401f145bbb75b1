namespace Fleet.Kernels.Tensors;

/// <summary>A tensor that a structure is stored as: its name within the matrix, its element type and its shape (row-major).</summary>
public sealed record TensorSpec(string Name, ElementType Type, params IReadOnlyList<int> Shape)
{
    /// <summary>Name of the tensor that holds the scales of a tensor of bytes.</summary>
    public static string ScaleName(string name) => name + "_scale";

    public long Elements => Shape.Aggregate(1L, (product, extent) => product * extent);
}
