using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>
/// The reset gate before the product: r, z = s(W x + U h + b); n = tanh(W_n x + b_n + U_n (r h)); h = (1 - z) n + z h. The candidate
/// has a matrix of its own.
/// </summary>
internal sealed unsafe class ResetBeforeGruMicroBatch<T> : CellMicroBatch<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly PlacedMatrix<T> placed;
    private readonly MatrixPass<T> candidate;
    // r, z, n of each step; r h of each step.
    private readonly AlignedBuffer<T> gates;
    private readonly AlignedBuffer<T> resets;
    private readonly AlignedBuffer<T> resetGradient;
    private readonly AlignedBuffer<T> direct;
    private readonly AlignedBuffer<T> sums;
    // The parts of the sums that each recurrent matrix made, for weight gradients want them by themselves.
    private readonly AlignedBuffer<T> recurrentSums;
    private readonly AlignedBuffer<T> candidateSums;
    private readonly AlignedBuffer<T> biasLanes;

    public ResetBeforeGruMicroBatch(TrainableCell<T> cell, PlacedMatrix<T> candidate, BatchArithmetic<T> arithmetic, int steps)
        : base(cell, arithmetic, steps)
    {
        placed = candidate;
        this.candidate = new MatrixPass<T>(candidate.Matrix, arithmetic, steps);
        gates = new AlignedBuffer<T>(3 * steps * Size);
        resets = new AlignedBuffer<T>(steps * Size);
        resetGradient = new AlignedBuffer<T>(Size);
        direct = new AlignedBuffer<T>(Size);
        sums = MatrixPass<T>.Slots(3 * Hidden);
        recurrentSums = MatrixPass<T>.Slots(2 * Hidden);
        candidateSums = MatrixPass<T>.Slots(Hidden);
        biasLanes = new AlignedBuffer<T>(3L * Hidden * MicroBatch.Lanes);
    }

    public override void Collect(T* gradient)
    {
        base.Collect(gradient);
        candidate.Collect(gradient + placed.Start);
        LaneSums.Collect(biasLanes, 3 * Hidden, gradient + Cell.BiasStart);
    }

    public override void Dispose()
    {
        base.Dispose();
        candidate.Dispose();
        foreach (var buffer in new[] { gates, resets, resetGradient, direct, sums, recurrentSums, candidateSums, biasLanes })
        {
            buffer.Dispose();
        }
    }

    protected override void StepForward(int step, T* x)
    {
        var own = Gates(step);
        Arithmetic.Fill(Cell.Bias, 3 * Hidden, own);
        AddInput(step, x, own);
        AddRecurrent(step, own);
        Arithmetic.ResetForward(Hidden, own, Output(step), Reset(step));
        candidate.Forward(step, Reset(step), own + (2 * Size));
        Arithmetic.UpdateForward(Hidden, own + Size, Output(step), Output(step + 1));
    }

    protected override void StepBack(int step, int slot, T* x, T* dx)
    {
        var own = sums.Pointer + (3 * slot * Size);
        var outer = candidateSums.Pointer + (slot * Size);
        Arithmetic.UpdateBackward(Hidden, Gates(step) + Size, Output(step), OutputGradient, own + Size, direct.Pointer);
        Copy(own + (2 * Size), outer);
        candidate.Backward(slot, Reset(step), outer, resetGradient.Pointer);
        Arithmetic.ResetBackward(Hidden, Gates(step), Output(step), resetGradient.Pointer, own, direct.Pointer);
        var recurrent = recurrentSums.Pointer + (2 * slot * Size);
        Copy(own, recurrent);
        Copy(own + Size, recurrent + Size);
        Arithmetic.AddLanes(own, 3 * Hidden, biasLanes.Pointer);
        RecurrentBack(step, slot, recurrent);
        Arithmetic.Add(direct.Pointer, OutputGradient, Size);
        InputBack(slot, x, own, dx);
    }

    protected override void AddGradients(int last, int count, StepVectors<T> x)
    {
        AddInputGradients(last, count, x, sums, 3 * Hidden);
        AddRecurrentGradients(last, count, recurrentSums, 2 * Hidden);
        candidate.AddGradient(last, count, new StepVectors<T>((nint)Reset(0), Size), candidateSums.Pointer, Size);
    }

    private T* Gates(int step) => gates.Pointer + (3 * step * Size);

    private T* Reset(int step) => resets.Pointer + (step * Size);
}
