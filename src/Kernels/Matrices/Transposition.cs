using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Fleet.Kernels.Matrices;

/// <summary>Small matrices transposed.</summary>
internal static unsafe class Transposition
{
    /// <summary>target[column * targetStride + row] = source[row * sourceStride + column]</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(float* source, long sourceStride, int rows, int columns, float* target, long targetStride)
    {
        var row = 0;
        for (; row <= rows - 4; row += 4)
        {
            var from = source + (row * sourceStride);
            var to = target + row;
            var column = 0;
            for (; column <= columns - 4; column += 4)
            {
                Four(from + column, sourceStride, to + (column * targetStride), targetStride);
            }

            One(from + column, sourceStride, 4, columns - column, to + (column * targetStride), targetStride);
        }

        One(source + (row * sourceStride), sourceStride, rows - row, columns, target + row, targetStride);
    }

    private static void One(float* source, long sourceStride, int rows, int columns, float* target, long targetStride)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                target[(column * targetStride) + row] = source[(row * sourceStride) + column];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* source, long sourceStride, float* target, long targetStride)
    {
        var row0 = Vector128.Load(source);
        var row1 = Vector128.Load(source + sourceStride);
        var row2 = Vector128.Load(source + (2 * sourceStride));
        var row3 = Vector128.Load(source + (3 * sourceStride));
        var (even0, even1) = (Lower(row0, row2), Upper(row0, row2));
        var (odd0, odd1) = (Lower(row1, row3), Upper(row1, row3));
        Lower(even0, odd0).Store(target);
        Upper(even0, odd0).Store(target + targetStride);
        Lower(even1, odd1).Store(target + (2 * targetStride));
        Upper(even1, odd1).Store(target + (3 * targetStride));
    }

    /// <summary>a0, b0, a1, b1</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Lower(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a2, b2, a3, b3</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Upper(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
