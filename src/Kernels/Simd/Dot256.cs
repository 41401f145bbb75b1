using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fleet.Kernels.Simd;

/// <summary>
/// Eight sums with AVX2. Its instruction multiplies unsigned by signed bytes and adds pairs with saturation to 16 bits: |w| times
/// x under the sign of w is at most 2 * 128 * 127 a pair, which it holds.
/// </summary>
internal readonly unsafe struct Dot256(Vector256<int> value) : IDotVector<Dot256>
{
    private readonly Vector256<int> value = value;

    public static int Lanes => Vector256<int>.Count;

    public static int Offset => 0;

    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot256 Broadcast(int value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot256 Load(void* source) => new(Vector256.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot256 Dot(Dot256 weights, Dot256 x, Dot256 sums)
    {
        var pairs = Avx2.MultiplyAddAdjacent(Avx2.Abs(weights.value.AsSByte()), Avx2.Sign(x.value.AsSByte(), weights.value.AsSByte()));
        return new(sums.value + Avx2.MultiplyAddAdjacent(pairs, Vector256<short>.One));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot256 MultiplyAdd(Dot256 left, Dot256 right, Dot256 addend) => new((left.value * right.value) + addend.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dot256 operator +(Dot256 left, Dot256 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(float* initial, float* scales, float xScale, float* y) => DotVectors.Finish(value, initial, scales, xScale).Store(y);
}
