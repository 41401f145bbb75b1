namespace Fleet.Kernels.Tensors;

/// <summary>Element type of a stored tensor, with safetensors' names.</summary>
public enum ElementType
{
    F32,
    I8,
    U16,
    U32,
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
