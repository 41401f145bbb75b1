using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>
/// c = sigmoid(f) c + sigmoid(i) tanh(g); h = sigmoid(o) tanh(c).
/// With sigmoid and tanh as fractions, both lines are brought to one denominator each: five exponentials and two divisions for
/// a vector of units.
/// </summary>
internal sealed unsafe class LstmCell<V>(CellShape shape, WeightMatrix input, WeightMatrix recurrent, Aligned<float> bias)
    : RecurrentCell(shape, input, recurrent, bias)
    where V : unmanaged, IVector<V>
{
    public override void Step(float* product, float* hidden, float* memory, float* work, float* scratch)
    {
        Recurrent.Multiply(hidden, product, work, scratch);
        Update(Shape.Hidden, work, memory, hidden);
    }

    // Lanes behind the last unit work on what follows in memory; nothing reads what they give.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(int units, float* gates, float* memory, float* hidden)
    {
        for (var unit = 0; unit < units; unit += V.Lanes)
        {
            var gate = gates + unit;
            var next = Lstm<V>.Memory(V.Load(gate), V.Load(gate + units), V.Load(gate + (2 * units)), V.Load(memory + unit));
            next.Store(memory + unit);
            Lstm<V>.Output(V.Load(gate + (3 * units)), next).Store(hidden + unit);
        }
    }
}

/// <summary>The same with peepholes: i and f see c before the step, o sees c after it, each through a weight a unit.</summary>
/// <remarks>Source: Gers and Schmidhuber 2000.</remarks>
/// <param name="peepholes">For i, f, o: [3 * hidden].</param>
internal sealed unsafe class PeepholeLstmCell<V>(CellShape shape, WeightMatrix input, WeightMatrix recurrent, Aligned<float> bias, Aligned<float> peepholes)
    : RecurrentCell(shape, input, recurrent, bias)
    where V : unmanaged, IVector<V>
{
    public override long ResidentBytes => base.ResidentBytes + peepholes.Bytes;

    public override void Step(float* product, float* hidden, float* memory, float* work, float* scratch)
    {
        Recurrent.Multiply(hidden, product, work, scratch);
        Update(Shape.Hidden, work, peepholes.Pointer, memory, hidden);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(int units, float* gates, float* peepholes, float* memory, float* hidden)
    {
        for (var unit = 0; unit < units; unit += V.Lanes)
        {
            var gate = gates + unit;
            var peephole = peepholes + unit;
            var before = V.Load(memory + unit);
            var input = V.MultiplyAdd(V.Load(peephole), before, V.Load(gate));
            var forget = V.MultiplyAdd(V.Load(peephole + units), before, V.Load(gate + units));
            var next = Lstm<V>.Memory(input, forget, V.Load(gate + (2 * units)), before);
            next.Store(memory + unit);
            Lstm<V>.Output(V.MultiplyAdd(V.Load(peephole + (2 * units)), next, V.Load(gate + (3 * units))), next).Store(hidden + unit);
        }
    }
}

/// <summary>The two lines of an LSTM for a vector of units.</summary>
internal static class Lstm<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>sigmoid(f) c + sigmoid(i) tanh(g)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Memory(V i, V f, V g, V c)
    {
        var input = Activation.SigmoidDivisor(i);
        var forget = Activation.SigmoidDivisor(f);
        var candidate = Activation.TanhNumerator(g);
        var inputCandidate = input * Activation.TanhDivisor(candidate);
        return V.MultiplyAdd(c, inputCandidate, candidate * forget) / (inputCandidate * forget);
    }

    /// <summary>sigmoid(o) tanh(c)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Output(V o, V c)
    {
        var shaped = Activation.TanhNumerator(c);
        return shaped / (Activation.SigmoidDivisor(o) * Activation.TanhDivisor(shaped));
    }
}
