namespace Fleet.Kernels.Structures;

/// <summary>Element type of a stored tensor, with safetensors' names.</summary>
public enum ElementType
{
    F32,
    U16,
    U32,
}

/// <summary>A tensor that a structure is stored as: its name within the matrix, its element type and its shape (row-major).</summary>
public sealed record TensorSpec(string Name, ElementType Type, params IReadOnlyList<int> Shape)
{
    public long Elements => Shape.Aggregate(1L, (product, extent) => product * extent);
}

public static class ElementTypes
{
    public static int Bytes(this ElementType type) => type == ElementType.U16 ? 2 : 4;
}
