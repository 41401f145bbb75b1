namespace Fleet.Kernels.Structures;

/// <summary>Element type of a stored tensor, with safetensors' names.</summary>
public enum ElementType
{
    F32,
    I8,
    U16,
    U32,
}

/// <summary>A tensor that a structure is stored as: its name within the matrix, its element type and its shape (row-major).</summary>
public sealed record TensorSpec(string Name, ElementType Type, params IReadOnlyList<int> Shape)
{
    /// <summary>Name of the tensor that holds the scales of a tensor of bytes.</summary>
    public static string ScaleName(string name) => name + "_scale";

    public long Elements => Shape.Aggregate(1L, (product, extent) => product * extent);
}

public static class ElementTypes
{
    public static int Bytes(this ElementType type) => type switch
    {
        ElementType.I8 => 1,
        ElementType.U16 => 2,
        _ => 4,
    };
}
