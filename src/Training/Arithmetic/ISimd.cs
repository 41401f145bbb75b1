namespace Fleet.Training.Arithmetic;

/// <summary>
/// The vector operations that training needs, for one width. Arithmetic is written once over this and compiled for each width;
/// since every lane is computed alone and products are always fused, all widths give the same bits.
/// </summary>
/// <typeparam name="T">float for training, double for checking gradients by the very same code.</typeparam>
/// <typeparam name="V">The vector.</typeparam>
internal unsafe interface ISimd<T, V>
    where T : unmanaged
    where V : struct
{
    static abstract int Count { get; }

    static abstract V Load(T* source);

    static abstract void Store(T* target, V value);

    static abstract V Create(T value);

    /// <summary>The same for a literal, folded into a constant by the compiler.</summary>
    static abstract V Constant(double value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    /// <summary>a b + c, rounded once.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    static abstract V SquareRoot(V a);

    /// <summary>Within [-<paramref name="bound"/>, <paramref name="bound"/>]; NaN stays NaN.</summary>
    static abstract V Clamp(V a, V bound);

    /// <summary>The greater; NaN stays NaN.</summary>
    static abstract V Max(V a, V b);

    /// <summary>The value where the condition is above 0; else 0.</summary>
    static abstract V WherePositive(V condition, V value);

    /// <summary>
    /// value 2^n, where n is the integer in the low bits of <paramref name="shifted"/> = n + 1.5 2^(bits of the fraction).
    /// No exponent may leave the normal range.
    /// </summary>
    static abstract V Scale(V value, V shifted);
}
