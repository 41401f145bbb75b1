using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Fleet.Kernels.Simd;

/// <summary>
/// Four sums on any processor with 128-bit vectors, so on a Cortex-A53 or A72, which have no SDOT. Two products of a row fit into
/// 16 bits: at most 2 * 128 * 127.
/// </summary>
internal readonly unsafe struct Dot128(Vector128<int> value) : IDotVector<Dot128>, IGatherDot<Dot128>
{
    private readonly Vector128<int> value = value;

    public static int Lanes => Vector128<int>.Count;

    public static int Offset => 0;

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot128 Broadcast(int value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot128 Load(void* source) => new(Vector128.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot128 Dot(Dot128 weights, Dot128 x, Dot128 sums)
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            var (w, factor) = (weights.value.AsSByte(), x.value.AsSByte());
            var upper = AdvSimd.MultiplyWideningUpper(w, factor);
            var pairs = AdvSimd.Arm64.AddPairwise(AdvSimd.MultiplyWideningLower(w.GetLower(), factor.GetLower()), upper);
            return new(AdvSimd.AddPairwiseWideningAndAdd(sums.value, pairs));
        }

        // Bytes 1 and 3 of each lane, and bytes 0 and 2, each as two signed 16-bit integers.
        var odd = (weights.value.AsInt16() >> 8) * (x.value.AsInt16() >> 8);
        var even = (weights.value.AsInt16() << 8 >> 8) * (x.value.AsInt16() << 8 >> 8);
        var both = (odd + even).AsInt32();
        return new(sums.value + (both >> 16) + (both << 16 >> 16));
    }

    /// <summary>source[indices[0]], source[indices[1]], ... one for each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot128 Gather(int* source, ushort* indices)
    {
        var four = *(ulong*)indices;
        return new(Vector128.Create(source[(ushort)four], source[(ushort)(four >> 16)], source[(ushort)(four >> 32)], source[four >> 48]));
    }

    /// <summary>Four bytes with their signs, one for each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot128 Widen(sbyte* source)
    {
        var bytes = Vector128.CreateScalar(*(int*)source).AsSByte();
        return new(Vector128.WidenLower(Vector128.WidenLower(bytes)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot128 MultiplyAdd(Dot128 left, Dot128 right, Dot128 addend) => new((left.value * right.value) + addend.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot128 operator +(Dot128 left, Dot128 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(float* initial, float* scales, float xScale, float* y) => DotVectors.Finish(value, initial, scales, xScale).Store(y);
}
