using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fleet.Kernels.Simd;

/// <summary>Four sums by the one instruction of AVX-VNNI.</summary>
internal readonly unsafe struct VnniDot128(Vector128<int> value) : IDotVector<VnniDot128>
{
    private readonly Vector128<int> value = value;

    public static int Lanes => Vector128<int>.Count;

    public static int Offset => 128;

    public static bool IsSupported => AvxVnni.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniDot128 Broadcast(int value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniDot128 Load(void* source) => new(Vector128.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniDot128 Dot(VnniDot128 weights, VnniDot128 x, VnniDot128 sums) =>
        new(AvxVnni.MultiplyWideningAndAdd(sums.value, x.value.AsByte(), weights.value.AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniDot128 MultiplyAdd(VnniDot128 left, VnniDot128 right, VnniDot128 addend) => new((left.value * right.value) + addend.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniDot128 operator +(VnniDot128 left, VnniDot128 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(float* initial, float* scales, float xScale, float* y) => DotVectors.Finish(value, initial, scales, xScale).Store(y);
}
