namespace Fleet.Kernels.Simd;

/// <summary>One sum: what every other implementation must agree with.</summary>
internal readonly unsafe struct ScalarDot(int value) : IDotVector<ScalarDot>, IGatherDot<ScalarDot>
{
    private readonly int value = value;

    public static int Lanes => 1;

    public static int Offset => 0;

    public static bool IsSupported => true;

    public static ScalarDot Broadcast(int value) => new(value);

    public static ScalarDot Load(void* source) => new(*(int*)source);

    public static ScalarDot Dot(ScalarDot weights, ScalarDot x, ScalarDot sums) => new(
        sums.value
        + ((sbyte)weights.value * (sbyte)x.value)
        + ((sbyte)(weights.value >> 8) * (sbyte)(x.value >> 8))
        + ((sbyte)(weights.value >> 16) * (sbyte)(x.value >> 16))
        + ((weights.value >> 24) * (x.value >> 24)));

    public static ScalarDot Gather(int* source, ushort* indices) => new(source[*indices]);

    public static ScalarDot Widen(sbyte* source) => new(*source);

    public static ScalarDot MultiplyAdd(ScalarDot left, ScalarDot right, ScalarDot addend) => new((left.value * right.value) + addend.value);

    public static ScalarDot operator +(ScalarDot left, ScalarDot right) => new(left.value + right.value);

    public void Store(int* target) => *target = value;

    public void Finish(float* initial, float* scales, float xScale, float* y)
    {
        var product = value * (*scales * xScale);
        *y = *initial + product;
    }
}
