using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fleet.Kernels.Simd;

/// <summary>Eight floats.</summary>
public readonly unsafe struct V256(Vector256<float> value) : IVector<V256>
{
    private readonly Vector256<float> value = value;

    public static int Lanes => Vector256<float>.Count;

    public static bool HasManyRegisters => Avx512F.VL.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator +(V256 left, V256 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator -(V256 left, V256 right) => new(left.value - right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator *(V256 left, V256 right) => new(left.value * right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator /(V256 left, V256 right) => new(left.value / right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 MultiplyAdd(V256 left, V256 right, V256 addend) => new(Vector256.MultiplyAddEstimate(left.value, right.value, addend.value));

    // As the native minimum: a NaN on the right comes through on x64 and ARM64 alike.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Max(V256 left, V256 right) => new(Vector256.MaxNative(left.value, right.value));

    // The native minimum of x64 answers with its second operand where one is NaN; that of ARM64 with NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Clamp(V256 value, float limit) =>
        new(Vector256.MaxNative(Vector256.Create(-limit), Vector256.MinNative(Vector256.Create(limit), value.value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 PowerOfTwo(V256 shifted) => new(((shifted.value.AsInt32() << 23) + Vector256.Create(1f).AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 FirstLanes(V256 value, int count) =>
        new(value.value & Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle());
}
