using System.Runtime.CompilerServices;

namespace Fleet.Kernels.Simd;

/// <summary>
/// Sigmoid and hyperbolic tangent, both from one e^x - 1 that keeps its relative accuracy at zero.
/// Absolute error of either against the exact function: at most <see cref="MaxError"/> for every float; NaN gives NaN.
/// Relative error of tanh: at most <see cref="MaxTanhRelativeError"/>, at zero too.
/// </summary>
public static class Activation
{
    public const float MaxError = 1.5e-7f;
    public const float MaxTanhRelativeError = 4e-7f;
    public const float MaxExpRelativeError = 8e-7f;

    // 2^40 loses nothing visible (sigmoid and 1 - tanh end at 1e-12), and three factors of that size do not overflow.
    private const float MaxExponent = 40;
    private const float Log2E = 1.44269504f;

    // Its ulp is one, so adding it rounds to an integer.
    private const float Rounder = 12582912;

    /// <summary>1 / (1 + e^-x)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : unmanaged, IVector<V> =>
        V.Broadcast(1) / SigmoidDivisor(x);

    /// <summary>(e^2x - 1) / (e^2x + 1)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : unmanaged, IVector<V>
    {
        var numerator = TanhNumerator(x);
        return numerator / TanhDivisor(numerator);
    }

    /// <summary>1 + e^-x: sigmoid is one over it. At most 2^41, so that divisors can be multiplied and a division saved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SigmoidDivisor<V>(V x)
        where V : unmanaged, IVector<V> =>
        V.Broadcast(2) + Exp2MinusOne(x * V.Broadcast(-Log2E));

    /// <summary>e^2x - 1: tanh is this over <see cref="TanhDivisor{V}"/> of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TanhNumerator<V>(V x)
        where V : unmanaged, IVector<V> =>
        Exp2MinusOne(x * V.Broadcast(2 * Log2E));

    /// <summary>e^2x + 1</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TanhDivisor<V>(V numerator)
        where V : unmanaged, IVector<V> =>
        V.Broadcast(2) + numerator;

    /// <summary>
    /// e^x for x in [-87.3, 87.3], and its value at the nearer end outside. Relative error at most <see cref="MaxExpRelativeError"/>
    /// in [-10, 10]; beyond that, that of rounding x * log2(e) is added, 6e-8 |x|.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : unmanaged, IVector<V>
    {
        var (power, fraction) = Exp2<V>(V.Clamp(x * V.Broadcast(Log2E), 126));
        return V.MultiplyAdd(power, fraction, power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exp2MinusOne<V>(V t)
        where V : unmanaged, IVector<V>
    {
        var (power, fraction) = Exp2<V>(V.Clamp(t, MaxExponent));
        return V.MultiplyAdd(power, fraction, power - V.Broadcast(1));
    }

    /// <summary>
    /// 2^n and 2^f - 1 with n the nearest integer to t and f = t - n in [-1/2, 1/2]; 2^t - 1 = 2^n (2^f - 1) + (2^n - 1).
    /// (2^f - 1) / f is the polynomial of degree 5 with the least relative error there, 1.1e-8 (Remez).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V Power, V Fraction) Exp2<V>(V t)
        where V : unmanaged, IVector<V>
    {
        var shifted = t + V.Broadcast(Rounder);
        var f = t - (shifted - V.Broadcast(Rounder));
        var power = V.PowerOfTwo(shifted);
        // Three pairs side by side, then two multiply-adds: a chain of three where Horner's has five.
        var f2 = f * f;
        var high = V.MultiplyAdd(V.Broadcast(1.5403512367e-4f), f, V.Broadcast(1.3390735478e-3f));
        var middle = V.MultiplyAdd(V.Broadcast(9.6182374949e-3f), f, V.Broadcast(5.5503574336e-2f));
        var low = V.MultiplyAdd(V.Broadcast(2.4022649795e-1f), f, V.Broadcast(6.9314718793e-1f));
        var q = V.MultiplyAdd(V.MultiplyAdd(high, f2, middle), f2, low);
        return (power, q * f);
    }
}
