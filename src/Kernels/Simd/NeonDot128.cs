using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Fleet.Kernels.Simd;

/// <summary>Four sums by the one instruction SDOT of ARMv8.2: Cortex-A55, A76 and later.</summary>
internal readonly unsafe struct NeonDot128(Vector128<int> value) : IDotVector<NeonDot128>
{
    private readonly Vector128<int> value = value;

    public static int Lanes => Vector128<int>.Count;

    public static int Offset => 0;

    public static bool IsSupported => Dp.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NeonDot128 Broadcast(int value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NeonDot128 Load(void* source) => new(Vector128.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NeonDot128 Dot(NeonDot128 weights, NeonDot128 x, NeonDot128 sums) =>
        new(Dp.DotProduct(sums.value, weights.value.AsSByte(), x.value.AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NeonDot128 MultiplyAdd(NeonDot128 left, NeonDot128 right, NeonDot128 addend) => new((left.value * right.value) + addend.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NeonDot128 operator +(NeonDot128 left, NeonDot128 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(float* initial, float* scales, float xScale, float* y) => DotVectors.Finish(value, initial, scales, xScale).Store(y);
}
