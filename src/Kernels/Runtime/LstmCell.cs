using System.Runtime.CompilerServices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Runtime;

/// <summary>What a cell does with its gates once they are summed up.</summary>
internal abstract unsafe class Cell
{
    /// <param name="gates">Sums of all gates, gate by gate; readable for a vector behind the last.</param>
    /// <param name="memory">The cell's own state; updated. Padded to whole vectors, as <paramref name="hidden"/> is.</param>
    /// <param name="hidden">The output; written.</param>
    public abstract void Update(float* gates, float* memory, float* hidden);
}

/// <summary>
/// c = sigmoid(f) c + sigmoid(i) tanh(g); h = sigmoid(o) tanh(c).
/// With sigmoid and tanh as fractions, both lines are brought to one denominator each: five exponentials and two divisions for
/// a vector of units.
/// </summary>
internal sealed unsafe class LstmCell<V>(int units) : Cell
    where V : unmanaged, IVector<V>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Update(float* gates, float* memory, float* hidden)
    {
        // Lanes behind the last unit work on what follows in memory; nothing reads what they give.
        for (var unit = 0; unit < units; unit += V.Lanes)
        {
            var gate = gates + unit;
            var input = Activation.SigmoidDivisor(V.Load(gate));
            var forget = Activation.SigmoidDivisor(V.Load(gate + units));
            var candidate = Activation.TanhNumerator(V.Load(gate + (2 * units)));
            var inputCandidate = input * Activation.TanhDivisor(candidate);
            var sum = V.MultiplyAdd(V.Load(memory + unit), inputCandidate, candidate * forget) / (inputCandidate * forget);
            sum.Store(memory + unit);

            var output = Activation.SigmoidDivisor(V.Load(gate + (3 * units)));
            var shaped = Activation.TanhNumerator(sum);
            (shaped / (output * Activation.TanhDivisor(shaped))).Store(hidden + unit);
        }
    }
}
