using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fleet.Kernels.Simd;

/// <summary>Sixteen floats.</summary>
public readonly unsafe struct V512(Vector512<float> value) : IVector<V512>
{
    private readonly Vector512<float> value = value;

    public static int Lanes => Vector512<float>.Count;

    public static bool HasManyRegisters => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator +(V512 left, V512 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator -(V512 left, V512 right) => new(left.value - right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator *(V512 left, V512 right) => new(left.value * right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator /(V512 left, V512 right) => new(left.value / right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 MultiplyAdd(V512 left, V512 right, V512 addend) => new(Vector512.MultiplyAddEstimate(left.value, right.value, addend.value));

    // As the native minimum: a NaN on the right comes through on x64 and ARM64 alike.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Max(V512 left, V512 right) => new(Vector512.MaxNative(left.value, right.value));

    // The native minimum of x64 answers with its second operand where one is NaN; that of ARM64 with NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Clamp(V512 value, float limit) =>
        new(Vector512.MaxNative(Vector512.Create(-limit), Vector512.MinNative(Vector512.Create(limit), value.value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 PowerOfTwo(V512 shifted) => new(((shifted.value.AsInt32() << 23) + Vector512.Create(1f).AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 FirstLanes(V512 value, int count) =>
        new(value.value & Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle());
}
