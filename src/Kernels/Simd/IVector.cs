namespace Fleet.Kernels.Simd;

/// <summary>
/// A vector of 32-bit floats of some width: the one source of every kernel is written against it, and each width is compiled on
/// its own. All operations are by lane.
/// </summary>
public unsafe interface IVector<T>
    where T : unmanaged, IVector<T>
{
    /// <summary>Floats in a vector: a power of two, at most 16.</summary>
    static abstract int Lanes { get; }

    /// <summary>Whether the processor has 32 of them; else 16.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract T Broadcast(float value);

    /// <summary>Reads <see cref="Lanes"/> floats; any alignment will do.</summary>
    static abstract T Load(float* source);

    void Store(float* target);

    static abstract T operator +(T left, T right);

    static abstract T operator -(T left, T right);

    static abstract T operator *(T left, T right);

    static abstract T operator /(T left, T right);

    /// <summary>left * right + addend, rounded once where the processor can.</summary>
    static abstract T MultiplyAdd(T left, T right, T addend);

    /// <summary>The greater one. NaN on the right stays NaN.</summary>
    static abstract T Max(T left, T right);

    /// <summary>The value, but within [-limit, limit]. NaN stays NaN.</summary>
    static abstract T Clamp(T value, float limit);

    /// <summary>
    /// 2^n for an integer n in [-126, 127] that is given as the sum n + 1.5 * 2^23: that sum has n in its lowest bits, so adding
    /// the constant rounds to the nearest integer and makes it ready for this.
    /// </summary>
    static abstract T PowerOfTwo(T shifted);

    /// <summary>The first <paramref name="count"/> lanes of the value, and zero in the others.</summary>
    static abstract T FirstLanes(T value, int count);
}

/// <summary>A vector that reads its lanes from anywhere.</summary>
public unsafe interface IGather<T>
    where T : unmanaged, IGather<T>
{
    /// <summary>source[indices[0]], source[indices[1]], ... one for each lane.</summary>
    static abstract T Gather(float* source, ushort* indices);
}
