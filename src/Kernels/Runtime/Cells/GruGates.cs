using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>
/// r, z = sigmoid(W x + U h + b); n = tanh(W_n x + b_n + r (U_n h + b_hn)); h = (1 - z) n + z h. One product serves all gates.
/// </summary>
internal readonly unsafe struct GruGates<V> : IGates
    where V : unmanaged, IVector<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update(float* product, float* gates, int stride, float* hidden, float* next, float* memory, int unit)
    {
        var reset = Activation.SigmoidDivisor(V.Load(product) + V.Load(gates));
        var candidate = V.Load(product + (2 * stride)) + (V.Load(gates + (2 * stride)) / reset);
        Output(V.Load(product + stride) + V.Load(gates + stride), candidate, V.Load(hidden)).Store(next);
    }

    /// <summary>(1 - sigmoid(z)) tanh(n) + sigmoid(z) h = ((z - 1) n' + n'' h) / (n'' z) with z = 1 + e^-z, tanh(n) = n' / n''.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Output(V z, V n, V h)
    {
        var update = Activation.SigmoidDivisor(z);
        var numerator = Activation.TanhNumerator(n);
        var divisor = Activation.TanhDivisor(numerator);
        return V.MultiplyAdd(update - V.Broadcast(1), numerator, divisor * h) / (divisor * update);
    }
}
