namespace Fleet.Kernels.Tensors;

/// <summary>A stored tensor: name, shape (row-major), and its elements in an array of the element type.</summary>
public sealed record Tensor(string Name, IReadOnlyList<int> Shape, Array Data)
{
    /// <exception cref="NotSupportedException">No file can hold elements of this type.</exception>
    public ElementType Type => Data switch
    {
        float[] => ElementType.F32,
        sbyte[] => ElementType.I8,
        ushort[] => ElementType.U16,
        uint[] => ElementType.U32,
        _ => throw new NotSupportedException(
            $"Tensor '{Name}' holds {Data.GetType().GetElementType()}; files hold {string.Join(", ", Enum.GetNames<ElementType>())}."),
    };

    /// <exception cref="InvalidCastException">The tensor does not hold 32-bit floats.</exception>
    public ReadOnlySpan<float> Floats => (float[])Data;

    /// <exception cref="InvalidCastException">The tensor does not hold bytes.</exception>
    public ReadOnlySpan<sbyte> Bytes => (sbyte[])Data;

    /// <exception cref="InvalidCastException">The tensor does not hold 16-bit words.</exception>
    public ReadOnlySpan<ushort> Words16 => (ushort[])Data;

    /// <exception cref="InvalidCastException">The tensor does not hold 32-bit words.</exception>
    public ReadOnlySpan<uint> Words32 => (uint[])Data;

    /// <summary>A copy of <paramref name="count"/> rows: elements of the first extent.</summary>
    internal Tensor Rows(int first, int count)
    {
        var width = Data.Length / Shape[0];
        var rows = Array.CreateInstanceFromArrayType(Data.GetType(), count * width);
        Array.Copy(Data, first * width, rows, 0, rows.Length);
        return new Tensor(Name, [count, .. Shape.Skip(1)], rows);
    }

    internal string ShapeText => $"[{string.Join(", ", Shape)}]";
}
