using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>
/// s = W x + U h; z = s(s + b_z); n = tanh(s + b_h); h = (zeta (1 - z) + nu) n + z h, where zeta and nu are learnt through the
/// logistic function, so that they stay within 0 and 1.
/// </summary>
internal sealed unsafe class FastGrnnMicroBatch<T> : CellMicroBatch<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // z, n of each step.
    private readonly AlignedBuffer<T> gates;
    private readonly AlignedBuffer<T> gateSums;
    private readonly AlignedBuffer<T> direct;
    private readonly AlignedBuffer<T> sums;
    private readonly AlignedBuffer<T> biasLanes;
    // Of zeta, nu.
    private readonly AlignedBuffer<T> scalarLanes;

    public FastGrnnMicroBatch(TrainableCell<T> cell, BatchArithmetic<T> arithmetic, int steps)
        : base(cell, arithmetic, steps)
    {
        gates = new AlignedBuffer<T>(2 * steps * Size);
        gateSums = new AlignedBuffer<T>(2 * Size);
        direct = new AlignedBuffer<T>(Size);
        sums = MatrixPass<T>.Slots(Hidden);
        biasLanes = new AlignedBuffer<T>(2L * Hidden * MicroBatch.Lanes);
        scalarLanes = new AlignedBuffer<T>(2 * MicroBatch.Lanes);
    }

    public override void Collect(T* gradient)
    {
        base.Collect(gradient);
        LaneSums.Collect(biasLanes, 2 * Hidden, gradient + Cell.BiasStart);
        var scalars = stackalloc T[2];
        LaneSums.Collect(scalarLanes, 2, scalars);
        // Through the logistic function, whose slope is s (1 - s).
        gradient[Cell.ScalarsStart] += scalars[0] * Cell.Zeta * (T.One - Cell.Zeta);
        gradient[Cell.ScalarsStart + 1] += scalars[1] * Cell.Nu * (T.One - Cell.Nu);
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var buffer in new[] { gates, gateSums, direct, sums, biasLanes, scalarLanes })
        {
            buffer.Dispose();
        }
    }

    protected override void StepForward(int step, T* x)
    {
        var own = gates.Pointer + (2 * step * Size);
        new Span<T>(own, (int)Size).Clear();
        AddInput(step, x, own);
        AddRecurrent(step, own);
        Arithmetic.FastGrnnForward(Hidden, own, Cell.Bias, Cell.Zeta, Cell.Nu, Output(step), Output(step + 1));
    }

    protected override void StepBack(int step, int slot, T* x, T* dx)
    {
        var own = sums.Pointer + (slot * Size);
        Arithmetic.FastGrnnBackward(
            Hidden, gates.Pointer + (2 * step * Size), Cell.Zeta, Cell.Nu, Output(step), OutputGradient, gateSums.Pointer, own, direct.Pointer,
            scalarLanes.Pointer);
        Arithmetic.AddLanes(gateSums.Pointer, 2 * Hidden, biasLanes.Pointer);
        RecurrentBack(step, slot, own);
        Arithmetic.Add(direct.Pointer, OutputGradient, Size);
        InputBack(slot, x, own, dx);
    }

    protected override void AddGradients(int last, int count, StepVectors<T> x)
    {
        AddInputGradients(last, count, x, sums, Hidden);
        AddRecurrentGradients(last, count, sums, Hidden);
    }
}
