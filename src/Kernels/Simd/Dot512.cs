using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fleet.Kernels.Simd;

/// <summary>Sixteen sums with AVX-512BW, as <see cref="Dot256"/>: for processors that have it without AVX-VNNI.</summary>
internal readonly unsafe struct Dot512(Vector512<int> value) : IDotVector<Dot512>
{
    private readonly Vector512<int> value = value;

    public static int Lanes => Vector512<int>.Count;

    public static int Offset => 0;

    public static bool IsSupported => Avx512BW.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot512 Broadcast(int value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot512 Load(void* source) => new(Vector512.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot512 Dot(Dot512 weights, Dot512 x, Dot512 sums)
    {
        var (w, factor) = (weights.value.AsSByte(), x.value.AsSByte());
        var signed = Vector512.ConditionalSelect(Vector512.LessThan(w, Vector512<sbyte>.Zero), -factor, factor);
        var pairs = Avx512BW.MultiplyAddAdjacent(Avx512BW.Abs(w), signed);
        return new(sums.value + Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot512 MultiplyAdd(Dot512 left, Dot512 right, Dot512 addend) => new((left.value * right.value) + addend.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot512 operator +(Dot512 left, Dot512 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(float* initial, float* scales, float xScale, float* y) => DotVectors.Finish(value, initial, scales, xScale).Store(y);
}
