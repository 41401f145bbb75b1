using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>h = tanh(W x + U h + b), or max(0, ...).</summary>
internal sealed unsafe class RnnMicroBatch<T> : CellMicroBatch<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> sums;
    private readonly AlignedBuffer<T> biasLanes;

    public RnnMicroBatch(TrainableCell<T> cell, BatchArithmetic<T> arithmetic, int steps)
        : base(cell, arithmetic, steps)
    {
        sums = MatrixPass<T>.Slots(Hidden);
        biasLanes = new AlignedBuffer<T>((long)Hidden * MicroBatch.Lanes);
    }

    public override void Collect(T* gradient)
    {
        base.Collect(gradient);
        LaneSums.Collect(biasLanes, Hidden, gradient + Cell.BiasStart);
    }

    public override void Dispose()
    {
        base.Dispose();
        sums.Dispose();
        biasLanes.Dispose();
    }

    protected override void StepForward(int step, T* x)
    {
        var next = Output(step + 1);
        Arithmetic.Fill(Cell.Bias, Hidden, next);
        AddInput(step, x, next);
        AddRecurrent(step, next);
        if (Cell.Shape.Relu)
        {
            Arithmetic.ReluForward(Hidden, next);
        }
        else
        {
            Arithmetic.TanhForward(Hidden, next);
        }
    }

    protected override void StepBack(int step, int slot, T* x, T* dx)
    {
        var own = sums.Pointer + (slot * Size);
        if (Cell.Shape.Relu)
        {
            Arithmetic.ReluBackward(Hidden, Output(step + 1), OutputGradient, own);
        }
        else
        {
            Arithmetic.TanhBackward(Hidden, Output(step + 1), OutputGradient, own);
        }

        Arithmetic.AddLanes(own, Hidden, biasLanes.Pointer);
        RecurrentBack(step, slot, own);
        InputBack(slot, x, own, dx);
    }

    protected override void AddGradients(int last, int count, StepVectors<T> x)
    {
        AddInputGradients(last, count, x, sums, Hidden);
        AddRecurrentGradients(last, count, sums, Hidden);
    }
}
