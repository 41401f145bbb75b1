using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Matrices;

/// <summary>
/// A vector x as int8 products read it: its scale s = max |x| / 127, and behind it the bytes q = round(x / s) + offset, half to
/// even. All vector widths give the same bits.
/// </summary>
/// <remarks>
/// |x - q s| is at most s / 2, and what rounding in fp32 adds: s * 2^-15. Below <see cref="Min"/> a vector counts as zero.
/// With NaN or an infinity in it the scale is NaN, and so is all that it is multiplied with.
/// </remarks>
internal static unsafe class Int8Operand
{
    /// <summary>127 over anything smaller may not be finite.</summary>
    public const float Min = 1e-36f;

    private const int AbsoluteBits = 0x7FFF_FFFF;
    private const int InfinityBits = 0x7F80_0000;

    // Its ulp is one: the sum has the nearest integer in its lowest bits.
    private const float Rounder = 12582912;

    // Bytes that are written at once, and floats of a cache line: operands of many steps do not share one.
    private const int Vector = 16;

    /// <summary>Floats that an operand takes.</summary>
    public static int Floats(int columns) => (1 + (((columns + Vector - 1) / Vector) * (Vector / 4)) + Vector - 1) / Vector * Vector;

    /// <summary>Columns are multiplied four at once.</summary>
    public static int Groups(int columns) => (columns + 3) / 4;

    public static int* Bytes(float* operand) => (int*)(operand + 1);

    public static float Scale(float* operand) => *operand;

    /// <summary>Writes the operand of x.</summary>
    public static void Write<D>(float* x, int columns, float* operand)
        where D : unmanaged, IDotVector<D>
    {
        var bytes = (sbyte*)Bytes(operand);
        if (D.Lanes == 1)
        {
            *operand = WriteByOne(x, columns, D.Offset, bytes);
        }
        else if (D.Lanes > 4 && Avx512F.IsSupported)
        {
            *operand = WriteBySixteen(x, columns, D.Offset, bytes);
        }
        else
        {
            *operand = WriteByFour(x, columns, D.Offset, bytes);
        }

        new Span<sbyte>(bytes + columns, (4 * Groups(columns)) - columns).Clear();
    }

    /// <summary>The bytes of an operand without offset as integers, <paramref name="stride"/> of them apart.</summary>
    public static void Widen(float* operand, int columns, int* target, int stride)
    {
        var bytes = (sbyte*)Bytes(operand);
        for (var column = 0; column < columns; column++)
        {
            target[column * stride] = bytes[column];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float WriteBySixteen(float* x, int columns, int offset, sbyte* bytes)
    {
        var whole = columns & -Vector;
        var rest = Vector512<float>.Zero;
        if (whole < columns)
        {
            var mask = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(columns - whole)).AsSingle();
            rest = Avx512F.MaskLoad(x + whole, mask, rest);
        }

        var max = rest.AsInt32() & Vector512.Create(AbsoluteBits);
        for (var column = 0; column < whole; column += Vector)
        {
            max = Vector512.Max(max, Vector512.Load(x + column).AsInt32() & Vector512.Create(AbsoluteBits));
        }

        var half = Vector256.Max(max.GetLower(), max.GetUpper());
        var bits = Max(Vector128.Max(half.GetLower(), half.GetUpper()));
        var factor = Factor(bits);
        for (var column = 0; column < whole; column += Vector)
        {
            Sixteen(Vector512.Load(x + column), factor, offset).Store(bytes + column);
        }

        if (whole < columns)
        {
            Sixteen(rest, factor, offset).Store(bytes + whole);
        }

        return Scale(bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Sixteen(Vector512<float> x, float factor, int offset) =>
        Avx512F.ConvertToVector128SByte(((x * factor) + Vector512.Create(Rounder)).AsInt32() + Vector512.Create(offset));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float WriteByFour(float* x, int columns, int offset, sbyte* bytes)
    {
        var whole = columns & -Vector;
        var max = Vector128<int>.Zero;
        for (var column = 0; column < whole; column += Vector128<float>.Count)
        {
            max = Vector128.Max(max, Vector128.Load(x + column).AsInt32() & Vector128.Create(AbsoluteBits));
        }

        var bits = Max(x, whole, columns, Max(max));
        var factor = Factor(bits);
        var add = Vector128.Create((sbyte)offset);
        for (var column = 0; column < whole; column += Vector)
        {
            var lower = Vector128.Narrow(Shifted(x + column, factor), Shifted(x + column + 4, factor));
            var upper = Vector128.Narrow(Shifted(x + column + 8, factor), Shifted(x + column + 12, factor));
            (Vector128.Narrow(lower, upper) + add).Store(bytes + column);
        }

        WriteRest(x, whole, columns, factor, offset, bytes);
        return Scale(bits);
    }

    private static float WriteByOne(float* x, int columns, int offset, sbyte* bytes)
    {
        var bits = Max(x, 0, columns, 0);
        WriteRest(x, 0, columns, Factor(bits), offset, bytes);
        return Scale(bits);
    }

    private static void WriteRest(float* x, int start, int columns, float factor, int offset, sbyte* bytes)
    {
        for (var column = start; column < columns; column++)
        {
            bytes[column] = (sbyte)(BitConverter.SingleToInt32Bits((x[column] * factor) + Rounder) + offset);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Shifted(float* x, float factor) =>
        ((Vector128.Load(x) * factor) + Vector128.Create(Rounder)).AsInt32();

    /// <summary>The greatest |x| as its bits: these are ordered as the numbers are, and above them all infinity, then NaN.</summary>
    private static int Max(float* x, int start, int columns, int max)
    {
        for (var column = start; column < columns; column++)
        {
            max = Math.Max(max, BitConverter.SingleToInt32Bits(x[column]) & AbsoluteBits);
        }

        return max;
    }

    private static int Max(Vector128<int> max) =>
        Math.Max(Math.Max(max[0], max[1]), Math.Max(max[2], max[3]));

    private static float Factor(int bits)
    {
        var max = BitConverter.Int32BitsToSingle(bits);
        return max < Min || bits >= InfinityBits ? 0 : 127 / max;
    }

    private static float Scale(int bits)
    {
        var max = BitConverter.Int32BitsToSingle(bits);
        return bits >= InfinityBits ? float.NaN : max < Min ? 0 : max / 127;
    }
}
