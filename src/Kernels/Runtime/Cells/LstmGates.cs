using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>
/// c = sigmoid(f) c + sigmoid(i) tanh(g); h = sigmoid(o) tanh(c).
/// With sigmoid and tanh as fractions, both lines are brought to one denominator each: five exponentials and two divisions for
/// a vector of units.
/// </summary>
internal readonly unsafe struct LstmGates<V> : IGates
    where V : unmanaged, IVector<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update(float* product, float* gates, int stride, float* hidden, float* next, float* memory, int unit)
    {
        var c = Memory(V.Load(gates), V.Load(gates + stride), V.Load(gates + (2 * stride)), V.Load(memory));
        c.Store(memory);
        Output(V.Load(gates + (3 * stride)), c).Store(next);
    }

    /// <summary>sigmoid(f) c + sigmoid(i) tanh(g)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Memory(V i, V f, V g, V c)
    {
        var input = Activation.SigmoidDivisor(i);
        var forget = Activation.SigmoidDivisor(f);
        var candidate = Activation.TanhNumerator(g);
        var inputCandidate = input * Activation.TanhDivisor(candidate);
        return V.MultiplyAdd(c, inputCandidate, candidate * forget) / (inputCandidate * forget);
    }

    /// <summary>sigmoid(o) tanh(c)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Output(V o, V c)
    {
        var shaped = Activation.TanhNumerator(c);
        return shaped / (Activation.SigmoidDivisor(o) * Activation.TanhDivisor(shaped));
    }
}

/// <summary>The same with peepholes: i and f see c before the step, o sees c after it, each through a weight a unit.</summary>
/// <remarks>Source: Gers and Schmidhuber 2000.</remarks>
/// <param name="peepholes">For i, f, o: [3 * units], and room for a vector behind them.</param>
internal readonly unsafe struct PeepholeLstmGates<V>(Aligned<float> peepholes, int units) : IGates
    where V : unmanaged, IVector<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update(float* product, float* gates, int stride, float* hidden, float* next, float* memory, int unit)
    {
        var peephole = peepholes.Pointer + unit;
        var before = V.Load(memory);
        var input = V.MultiplyAdd(V.Load(peephole), before, V.Load(gates));
        var forget = V.MultiplyAdd(V.Load(peephole + units), before, V.Load(gates + stride));
        var c = LstmGates<V>.Memory(input, forget, V.Load(gates + (2 * stride)), before);
        c.Store(memory);
        LstmGates<V>.Output(V.MultiplyAdd(V.Load(peephole + (2 * units)), c, V.Load(gates + (3 * stride))), c).Store(next);
    }
}
