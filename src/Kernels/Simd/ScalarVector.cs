using System.Runtime.CompilerServices;

namespace Fleet.Kernels.Simd;

/// <summary>One float: what every width must agree with, and the way out where there are no vectors.</summary>
public readonly unsafe struct ScalarVector(float value) : IVector<ScalarVector>, IGather<ScalarVector>
{
    private readonly float value = value;

    public static int Lanes => 1;

    public static bool HasManyRegisters => false;

    public static ScalarVector Broadcast(float value) => new(value);

    public static ScalarVector Load(float* source) => new(*source);

    public void Store(float* target) => *target = value;

    public static ScalarVector operator +(ScalarVector left, ScalarVector right) => new(left.value + right.value);

    public static ScalarVector operator -(ScalarVector left, ScalarVector right) => new(left.value - right.value);

    public static ScalarVector operator *(ScalarVector left, ScalarVector right) => new(left.value * right.value);

    public static ScalarVector operator /(ScalarVector left, ScalarVector right) => new(left.value / right.value);

    public static ScalarVector MultiplyAdd(ScalarVector left, ScalarVector right, ScalarVector addend) =>
        new(float.MultiplyAddEstimate(left.value, right.value, addend.value));

    public static ScalarVector Max(ScalarVector left, ScalarVector right) => new(float.MaxNative(left.value, right.value));

    public static ScalarVector Clamp(ScalarVector value, float limit) =>
        new(float.MaxNative(-limit, float.MinNative(limit, value.value)));

    public static ScalarVector PowerOfTwo(ScalarVector shifted) =>
        new(BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(shifted.value) << 23) + BitConverter.SingleToInt32Bits(1)));

    public static ScalarVector FirstLanes(ScalarVector value, int count) => count > 0 ? value : new(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarVector Gather(float* source, ushort* indices) => new(source[*indices]);
}
