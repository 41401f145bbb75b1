using System.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Matrices;

namespace Fleet.Training.Networks;

/// <summary>
/// One matrix on one micro-batch's way through time and back: what its products leave at each step for its gradient, and the gradients
/// of a few steps at a time.
/// </summary>
internal sealed unsafe class MatrixPass<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = MicroBatch.Samples;
    // Weight gradients go by whole panels and may read that many rows past the last one.
    private const int Slack = PackedMatrix<T>.TallPanel * Vector;

    private readonly TrainableMatrix<T> matrix;
    private readonly MatrixMicroBatch<T> microBatch;
    private readonly long traceSize;
    private readonly long sensitivitySize;
    private readonly AlignedBuffer<T> traces;
    private readonly AlignedBuffer<T> sensitivities;
    private readonly BatchMajor<T> bySample;

    public MatrixPass(TrainableMatrix<T> matrix, BatchArithmetic<T> arithmetic, int steps)
    {
        this.matrix = matrix;
        microBatch = matrix.IsQuantised ? matrix.CreateQuantisedMicroBatch(arithmetic) : matrix.CreateMicroBatch(arithmetic);
        traceSize = matrix.TraceRows * Vector;
        sensitivitySize = matrix.SensitivityRows * Vector;
        traces = new AlignedBuffer<T>(steps * traceSize);
        sensitivities = Slots(matrix.SensitivityRows);
        bySample = new BatchMajor<T>(matrix.Columns, MicroBatch.GradientSteps);
    }

    /// <summary>Room for <see cref="MicroBatch.GradientSteps"/> vectors [rows, samples] that weight gradients read.</summary>
    public static AlignedBuffer<T> Slots(int rows) => new(((long)rows * MicroBatch.GradientSteps * Vector) + Slack);

    /// <summary>y += W x at a step.</summary>
    public void Forward(int step, T* x, T* y)
    {
        matrix.Reads?.Add(x);
        microBatch.Forward(x, y, traces.Pointer + (step * traceSize));
    }

    /// <summary>dx = W' dy, unless <paramref name="dx"/> is null.</summary>
    /// <param name="slot">Which of the steps of the next <see cref="AddGradient"/> it is.</param>
    /// <param name="x">What the step read.</param>
    public void Backward(int slot, T* x, T* dy, T* dx)
    {
        // Where nothing lies below, the matrix may still need what only Backward computes.
        microBatch.Backward(dy, dx, sensitivities.Pointer + (slot * sensitivitySize));
        bySample.Set(slot, x);
    }

    /// <summary>
    /// Adds the gradients of the steps from <paramref name="last"/> backwards, which <see cref="Backward"/> has put into the slots from 0
    /// on.
    /// </summary>
    /// <param name="x">What the steps read, in their order.</param>
    /// <param name="dy">Of the slots.</param>
    public void AddGradient(int last, int count, StepVectors<T> x, T* dy, long dySize) => microBatch.AddGradient(new GradientBlock<T>
    {
        Steps = count,
        X = x.At(last),
        XStride = -x.Stride,
        XBySample = bySample,
        Dy = dy,
        DyStride = dySize,
        Trace = traces.Pointer + (last * traceSize),
        TraceStride = -traceSize,
        Sensitivity = sensitivities.Pointer,
        SensitivityStride = sensitivitySize,
    });

    /// <summary>gradient[parameters] += the sum, which is zero again then.</summary>
    public void Collect(T* gradient) => microBatch.Collect(gradient);

    public void Dispose()
    {
        microBatch.Dispose();
        traces.Dispose();
        sensitivities.Dispose();
        bySample.Dispose();
    }
}
