namespace Fleet.Kernels.Simd;

/// <summary>
/// A vector of 32-bit integers: sums of products of bytes, one a lane. Every implementation gives the same integers; they differ
/// in the instructions that they take.
/// </summary>
internal unsafe interface IDotVector<T>
    where T : unmanaged, IDotVector<T>
{
    /// <summary>Sums in a vector; a row's four weights stand in each lane of a vector of weights.</summary>
    static abstract int Lanes { get; }

    /// <summary>
    /// What the second operand of <see cref="Dot"/> has had added to each of its bytes: 128 where the processor multiplies signed
    /// by unsigned bytes, else 0.
    /// </summary>
    static abstract int Offset { get; }

    static abstract bool IsSupported { get; }

    static abstract T Broadcast(int value);

    /// <summary>Reads four bytes a lane; any alignment will do.</summary>
    static abstract T Load(void* source);

    /// <summary>
    /// By lane, sums + w0 x0 + w1 x1 + w2 x2 + w3 x3, modulo 2^32: the four bytes of the weights are signed, those of x are in
    /// [-127, 127] + <see cref="Offset"/>.
    /// </summary>
    static abstract T Dot(T weights, T x, T sums);

    /// <summary>By lane, left * right + addend as 32-bit integers.</summary>
    static abstract T MultiplyAdd(T left, T right, T addend);

    static abstract T operator +(T left, T right);

    void Store(int* target);

    /// <summary>y = initial + sum * (scale * <paramref name="xScale"/>), each operation rounded by itself.</summary>
    void Finish(float* initial, float* scales, float xScale, float* y);
}

/// <summary>A vector that reads its lanes from anywhere.</summary>
internal unsafe interface IGatherDot<T>
    where T : unmanaged, IGatherDot<T>
{
    /// <summary>source[indices[0]], source[indices[1]], ... one for each lane.</summary>
    static abstract T Gather(int* source, ushort* indices);

    /// <summary>Signed bytes, one for each lane.</summary>
    static abstract T Widen(sbyte* source);
}
