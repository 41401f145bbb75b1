using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fleet.Kernels.Simd;

/// <summary>Two blocks of four rows in eight floats.</summary>
internal readonly unsafe struct TwoBlocksOfFour(Vector256<float> sums) : IBlocks<TwoBlocksOfFour>
{
    private readonly Vector256<float> sums = sums;

    public static int Rows => 4;

    public static int Blocks => 2;

    public static TwoBlocksOfFour Zero => new(Vector256<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoBlocksOfFour MultiplyAdd(float* values, float* x, ushort* columns, TwoBlocksOfFour sums) =>
        new(Vector256.MultiplyAddEstimate(Vector256.Load(values), Operands(x, columns[0], columns[1]), sums.sums));

    /// <summary>x of the first column in the lower lanes, of the second one in the upper ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Operands(float* x, ulong first, ulong second) => Vector256.Create(Vector128.Create(x[first]), Vector128.Create(x[second]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoBlocksOfFour operator +(TwoBlocksOfFour left, TwoBlocksOfFour right) => new(left.sums + right.sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => (sums.GetLower() + sums.GetUpper()).Store(target);
}

/// <summary>Two blocks of eight rows in sixteen floats.</summary>
internal readonly unsafe struct TwoBlocksOfEight(Vector512<float> sums) : IBlocks<TwoBlocksOfEight>
{
    private readonly Vector512<float> sums = sums;

    public static int Rows => 8;

    public static int Blocks => 2;

    public static TwoBlocksOfEight Zero => new(Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoBlocksOfEight MultiplyAdd(float* values, float* x, ushort* columns, TwoBlocksOfEight sums) =>
        new(Vector512.MultiplyAddEstimate(
            Vector512.Load(values), Join(Vector256.Create(x[columns[0]]), Vector256.Create(x[columns[1]])), sums.sums));

    // One instruction, where Vector512.Create takes two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Join(Vector256<float> lower, Vector256<float> upper) => lower.ToVector512Unsafe().WithUpper(upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoBlocksOfEight operator +(TwoBlocksOfEight left, TwoBlocksOfEight right) => new(left.sums + right.sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => (sums.GetLower() + sums.GetUpper()).Store(target);
}

/// <summary>Four blocks of four rows in sixteen floats.</summary>
internal readonly unsafe struct FourBlocksOfFour(Vector512<float> sums) : IBlocks<FourBlocksOfFour>
{
    private readonly Vector512<float> sums = sums;

    public static int Rows => 4;

    public static int Blocks => 4;

    public static FourBlocksOfFour Zero => new(Vector512<float>.Zero);

    // One load for all indices: what bounds the loop is its loads.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourBlocksOfFour MultiplyAdd(float* values, float* x, ushort* columns, FourBlocksOfFour sums)
    {
        var four = *(ulong*)columns;
        var lower = TwoBlocksOfFour.Operands(x, (ushort)four, (ushort)(four >> 16));
        var upper = TwoBlocksOfFour.Operands(x, (ushort)(four >> 32), four >> 48);
        return new(Vector512.MultiplyAddEstimate(Vector512.Load(values), TwoBlocksOfEight.Join(lower, upper), sums.sums));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourBlocksOfFour operator +(FourBlocksOfFour left, FourBlocksOfFour right) => new(left.sums + right.sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        var half = sums.GetLower() + sums.GetUpper();
        (half.GetLower() + half.GetUpper()).Store(target);
    }
}
