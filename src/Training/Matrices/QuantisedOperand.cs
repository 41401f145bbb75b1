using System.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Quantisation;

namespace Fleet.Training.Matrices;

/// <summary>What a product of int8 reads, rounded: see <see cref="FakeQuantiser{T}.Operands"/>. Used by one thread at a time.</summary>
/// <param name="length">So many columns have a scale.</param>
internal sealed unsafe class QuantisedOperand<T>(int columns, int length) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = MicroBatch.Samples;

    private readonly AlignedBuffer<T> steps = new((long)columns * Vector * MicroBatch.GradientSteps);
    private readonly BatchMajor<T> bySample = new(columns, MicroBatch.GradientSteps);

    /// <summary>x[columns, samples], rounded; until the next call.</summary>
    public T* Of(T* x) => Of(x, 0);

    /// <summary>The same of what a weight gradient reads: rounding it again is cheaper than to keep it of all steps.</summary>
    public GradientBlock<T> Of(in GradientBlock<T> block)
    {
        for (var step = 0; step < block.Steps; step++)
        {
            bySample.Set(step, Of(block.X + (step * block.XStride), step));
        }

        return new GradientBlock<T>
        {
            Steps = block.Steps,
            X = steps.Pointer,
            XStride = columns * Vector,
            XBySample = bySample,
            Dy = block.Dy,
            DyStride = block.DyStride,
            Trace = block.Trace,
            TraceStride = block.TraceStride,
            Sensitivity = block.Sensitivity,
            SensitivityStride = block.SensitivityStride,
        };
    }

    public void Dispose()
    {
        steps.Dispose();
        bySample.Dispose();
    }

    private T* Of(T* x, int slot)
    {
        var target = steps.Pointer + ((long)slot * columns * Vector);
        new ReadOnlySpan<T>(x, columns * Vector).CopyTo(new Span<T>(target, columns * Vector));
        FakeQuantiser<T>.Operands(target, columns, length);
        return target;
    }
}
