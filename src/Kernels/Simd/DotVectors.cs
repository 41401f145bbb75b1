using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fleet.Kernels.Simd;

/// <summary>What integer sums become: initial + sum * (scale * xScale). Written out so that no width fuses what another rounds twice.</summary>
internal static unsafe class DotVectors
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Finish(Vector128<int> sums, float* initial, float* scales, float xScale) =>
        Vector128.Load(initial) + (Vector128.ConvertToSingle(sums) * (Vector128.Load(scales) * xScale));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Finish(Vector256<int> sums, float* initial, float* scales, float xScale) =>
        Vector256.Load(initial) + (Vector256.ConvertToSingle(sums) * (Vector256.Load(scales) * xScale));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Finish(Vector512<int> sums, float* initial, float* scales, float xScale) =>
        Vector512.Load(initial) + (Vector512.ConvertToSingle(sums) * (Vector512.Load(scales) * xScale));
}
