using System.Numerics;

namespace Fleet.Training.Matrices;

/// <summary>The products of int8: y += W q with q what x is in int8, dx = W' dy, and dW = dy q'. Rounding counts as the identity.</summary>
/// <param name="inner">Has the weights as they are in int8.</param>
/// <param name="length">So many columns have a scale.</param>
internal sealed unsafe class QuantisedMicroBatch<T>(MatrixMicroBatch<T> inner, int columns, int length) : MatrixMicroBatch<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly QuantisedOperand<T> operand = new(columns, length);

    public override void Forward(T* x, T* y, T* trace) => inner.Forward(operand.Of(x), y, trace);

    public override void Backward(T* dy, T* dx, T* sensitivity) => inner.Backward(dy, dx, sensitivity);

    public override void AddGradient(in GradientBlock<T> block) => inner.AddGradient(operand.Of(block));

    public override void Collect(T* gradient) => inner.Collect(gradient);

    public override void Dispose()
    {
        inner.Dispose();
        operand.Dispose();
    }
}
