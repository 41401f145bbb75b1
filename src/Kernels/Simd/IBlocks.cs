namespace Fleet.Kernels.Simd;

/// <summary>
/// The sums of a block's rows, or of a part of them, as a vector takes them: one block a vector, or several side by side, each times
/// the x of its own column.
/// </summary>
internal unsafe interface IBlocks<T>
    where T : unmanaged, IBlocks<T>
{
    /// <summary>Rows of a block that a vector holds.</summary>
    static abstract int Rows { get; }

    /// <summary>Blocks side by side in a vector.</summary>
    static abstract int Blocks { get; }

    static abstract T Zero { get; }

    /// <summary>sums + values * x[column], each block with its own column.</summary>
    /// <param name="values">[<see cref="Blocks"/>, <see cref="Rows"/>]</param>
    /// <param name="columns">[<see cref="Blocks"/>]</param>
    static abstract T MultiplyAdd(float* values, float* x, ushort* columns, T sums);

    static abstract T operator +(T left, T right);

    /// <summary>Writes <see cref="Rows"/> floats: the sums of all blocks added up.</summary>
    void Store(float* target);
}
