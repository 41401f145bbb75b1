using System.Runtime.CompilerServices;
using Fleet.Kernels.Matrices;
using Fleet.Kernels.Simd;

namespace Fleet.Kernels.Runtime;

/// <summary>
/// Runs one model on one thread, a window or a step at a time. Everything it needs is allocated when it is made; running
/// allocates nothing. Not for use by two threads at once.
/// </summary>
public sealed unsafe class ModelRunner
{
    // The input's products of so many steps wait in the cache for the recurrence; a longer window goes in several turns.
    private const int MostFloatsAhead = 1 << 16;
    private const int LeastStepsAhead = 32;

    private readonly SequenceModel model;
    private readonly int stepsAhead;
    private readonly int gatesStride;
    private readonly Aligned<float> inputs;
    private readonly Aligned<float> products;
    private readonly Aligned<float> gates;
    private readonly Aligned<float> memory;
    private readonly Aligned<float> hidden;
    private readonly Aligned<float> outputs;
    private readonly Aligned<float> scratch;

    internal ModelRunner(SequenceModel model, int maxSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSteps, 1);
        this.model = model;
        MaxSteps = maxSteps;
        gatesStride = WeightMatrix.Padded(model.Recurrent.Rows);
        stepsAhead = Math.Min(maxSteps, Math.Max(LeastStepsAhead, MostFloatsAhead / gatesStride));
        inputs = new Aligned<float>(stepsAhead * model.Input.Columns);
        products = new Aligned<float>(stepsAhead * gatesStride);
        gates = new Aligned<float>(gatesStride);
        memory = new Aligned<float>(WeightMatrix.Padded(model.Recurrent.Columns));
        hidden = new Aligned<float>(WeightMatrix.Padded(model.Recurrent.Columns));
        outputs = new Aligned<float>(WeightMatrix.Padded(model.Head.Rows));
        scratch = new Aligned<float>(Math.Max(
            model.Input.ScratchFloats(stepsAhead),
            Math.Max(model.Recurrent.ScratchFloats(1), model.Head.ScratchFloats(1))));
    }

    /// <summary>The longest window.</summary>
    public int MaxSteps { get; }

    /// <summary>What the runner's own buffers take in memory.</summary>
    public long ResidentBytes =>
        inputs.Bytes + products.Bytes + gates.Bytes + memory.Bytes + hidden.Bytes + outputs.Bytes + scratch.Bytes;

    /// <summary>Forgets all steps: the state is zero again.</summary>
    public void Reset()
    {
        memory.Span.Clear();
        hidden.Span.Clear();
    }

    /// <summary>
    /// One time step, from the state that the steps before have left. Logits are those of the sequence so far.
    /// NaN in a feature that has any weight makes them NaN until <see cref="Reset"/>.
    /// </summary>
    /// <param name="x">Features, not normalised.</param>
    /// <param name="logits">Written: one for each label.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Step(ReadOnlySpan<float> x, Span<float> logits)
    {
        CheckLength(x.Length, model.Input.Columns, "the step", nameof(x));
        CheckLogits(logits);
        Normalise(x);
        model.Input.Multiply(inputs.Pointer, model.Bias.Pointer, products.Pointer, scratch.Pointer);
        Recur(products.Pointer);
        Classify(logits);
        GC.KeepAlive(this);
    }

    /// <summary>A whole sequence from the zero state. The product of the input matrix with all steps comes first, then the recurrence.</summary>
    /// <param name="sequence">steps x features, row-major, not normalised.</param>
    /// <param name="steps">1 to <see cref="MaxSteps"/>.</param>
    /// <param name="logits">Written: one for each label, after the last step.</param>
    /// <exception cref="ArgumentException">A span has another length, or there are too many steps.</exception>
    public void Window(ReadOnlySpan<float> sequence, int steps, Span<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, MaxSteps);
        CheckLength(sequence.Length, (long)steps * model.Input.Columns, "the window", nameof(sequence));
        CheckLogits(logits);
        Reset();
        for (var first = 0; first < steps; first += stepsAhead)
        {
            var count = Math.Min(stepsAhead, steps - first);
            Normalise(sequence.Slice(first * model.Input.Columns, count * model.Input.Columns));
            model.Input.MultiplyMany(inputs.Pointer, count, model.Bias.Pointer, products.Pointer, scratch.Pointer);
            for (var step = 0; step < count; step++)
            {
                Recur(products.Pointer + (step * gatesStride));
            }
        }

        Classify(logits);
        GC.KeepAlive(this);
    }

    private void Recur(float* inputProduct)
    {
        model.Recurrent.Multiply(hidden.Pointer, inputProduct, gates.Pointer, scratch.Pointer);
        model.Cell.Update(gates.Pointer, memory.Pointer, hidden.Pointer);
    }

    private void Classify(Span<float> logits)
    {
        model.Head.Multiply(hidden.Pointer, model.HeadBias.Pointer, outputs.Pointer, scratch.Pointer);
        outputs.Span[..logits.Length].CopyTo(logits);
    }

    // Not folded into weights and bias: a feature far from zero would cost the sums as many digits as its mean has.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalise(ReadOnlySpan<float> source)
    {
        ReadOnlySpan<float> mean = model.Mean;
        ReadOnlySpan<float> scale = model.Scale;
        var target = inputs.Span;
        for (; !source.IsEmpty; source = source[mean.Length..], target = target[mean.Length..])
        {
            for (var feature = 0; feature < mean.Length; feature++)
            {
                target[feature] = (source[feature] - mean[feature]) * scale[feature];
            }
        }
    }

    private void CheckLogits(Span<float> logits) => CheckLength(logits.Length, model.Head.Rows, "logits", nameof(logits));

    private static void CheckLength(int length, long expected, string what, string parameter)
    {
        if (length != expected)
        {
            throw new ArgumentException($"{what} has {length} values, but must have {expected}.", parameter);
        }
    }
}
