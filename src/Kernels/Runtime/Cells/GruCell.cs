using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime.Cells;

/// <summary>
/// r, z = sigmoid(W x + U h + b); n = tanh(W_n x + b_n + r (U_n h + b_hn)); h = (1 - z) n + z h. One product serves all gates.
/// </summary>
/// <param name="recurrentBias">Zero for r and z, b_hn for n: [3 * hidden].</param>
internal sealed unsafe class GruCell<V>(CellShape shape, WeightMatrix input, WeightMatrix recurrent, Aligned<float> bias, Aligned<float> recurrentBias)
    : RecurrentCell(shape, input, recurrent, bias)
    where V : unmanaged, IVector<V>
{
    public override long ResidentBytes => base.ResidentBytes + recurrentBias.Bytes;

    public override void Step(float* product, float* hidden, float* memory, float* work, float* scratch)
    {
        Recurrent.Multiply(hidden, recurrentBias.Pointer, work, scratch);
        Update(Shape.Hidden, product, work, hidden);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(int units, float* product, float* gates, float* hidden)
    {
        for (var unit = 0; unit < units; unit += V.Lanes)
        {
            var x = product + unit;
            var u = gates + unit;
            var reset = Activation.SigmoidDivisor(V.Load(x) + V.Load(u));
            var candidate = V.Load(x + (2 * units)) + (V.Load(u + (2 * units)) / reset);
            Gru<V>.Output(V.Load(x + units) + V.Load(u + units), candidate, V.Load(hidden + unit)).Store(hidden + unit);
        }
    }
}

/// <summary>r, z = sigmoid(W x + U h + b); n = tanh(W_n x + b_n + U_n (r h)); h = (1 - z) n + z h. The candidate needs a product of its own.</summary>
internal sealed unsafe class ResetBeforeGruCell<V>(CellShape shape, WeightMatrix input, WeightMatrix recurrent, WeightMatrix candidate, Aligned<float> bias)
    : RecurrentCell(shape, input, recurrent, bias)
    where V : unmanaged, IVector<V>
{
    private readonly int resetStart = WeightMatrix.Padded(3 * shape.Hidden);

    public override int WorkFloats => resetStart + WeightMatrix.Padded(Shape.Hidden);

    public override long ResidentBytes => base.ResidentBytes + candidate.ResidentBytes;

    public override int ScratchFloats(int steps) => Math.Max(base.ScratchFloats(steps), candidate.ScratchFloats(1));

    public override void Step(float* product, float* hidden, float* memory, float* work, float* scratch)
    {
        var units = Shape.Hidden;
        var reset = work + resetStart;
        Recurrent.Multiply(hidden, product, work, scratch);
        Reset(units, work, hidden, reset);
        candidate.Multiply(reset, product + (2 * units), work + (2 * units), scratch);
        Update(units, work, hidden);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Reset(int units, float* gates, float* hidden, float* reset)
    {
        for (var unit = 0; unit < units; unit += V.Lanes)
        {
            (V.Load(hidden + unit) / Activation.SigmoidDivisor(V.Load(gates + unit))).Store(reset + unit);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(int units, float* gates, float* hidden)
    {
        for (var unit = 0; unit < units; unit += V.Lanes)
        {
            Gru<V>.Output(V.Load(gates + units + unit), V.Load(gates + (2 * units) + unit), V.Load(hidden + unit)).Store(hidden + unit);
        }
    }
}

internal static class Gru<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>(1 - sigmoid(z)) tanh(n) + sigmoid(z) h = ((z - 1) n' + n'' h) / (n'' z) with z = 1 + e^-z, tanh(n) = n' / n''.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Output(V z, V n, V h)
    {
        var update = Activation.SigmoidDivisor(z);
        var numerator = Activation.TanhNumerator(n);
        var divisor = Activation.TanhDivisor(numerator);
        return V.MultiplyAdd(update - V.Broadcast(1), numerator, divisor * h) / (divisor * update);
    }
}
