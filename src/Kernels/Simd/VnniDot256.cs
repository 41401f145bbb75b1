using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fleet.Kernels.Simd;

/// <summary>Eight sums by the one instruction of AVX-VNNI. It is not encoded for 512-bit vectors without AVX10.2, so two of these stand for one.</summary>
internal readonly unsafe struct VnniDot256(Vector256<int> value) : IDotVector<VnniDot256>
{
    private readonly Vector256<int> value = value;

    public static int Lanes => Vector256<int>.Count;

    public static int Offset => 128;

    public static bool IsSupported => AvxVnni.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniDot256 Broadcast(int value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniDot256 Load(void* source) => new(Vector256.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniDot256 Dot(VnniDot256 weights, VnniDot256 x, VnniDot256 sums) =>
        new(AvxVnni.MultiplyWideningAndAdd(sums.value, x.value.AsByte(), weights.value.AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniDot256 MultiplyAdd(VnniDot256 left, VnniDot256 right, VnniDot256 addend) => new((left.value * right.value) + addend.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VnniDot256 operator +(VnniDot256 left, VnniDot256 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(float* initial, float* scales, float xScale, float* y) => DotVectors.Finish(value, initial, scales, xScale).Store(y);
}
