using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>[i f g o] = W x + U h + b; c = s(f) c + s(i) tanh(g); h = s(o) tanh(c).</summary>
internal sealed unsafe class LstmMicroBatch<T> : CellMicroBatch<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> gates;
    private readonly AlignedBuffer<T> memories;
    private readonly AlignedBuffer<T> memoryTanhs;
    private readonly AlignedBuffer<T> memoryGradient;
    private readonly AlignedBuffer<T> sums;
    private readonly AlignedBuffer<T> biasLanes;

    public LstmMicroBatch(TrainableCell<T> cell, BatchArithmetic<T> arithmetic, int steps)
        : base(cell, arithmetic, steps)
    {
        gates = new AlignedBuffer<T>(4 * steps * Size);
        memories = new AlignedBuffer<T>((steps + 1) * Size);
        memoryTanhs = new AlignedBuffer<T>(steps * Size);
        memoryGradient = new AlignedBuffer<T>(Size);
        sums = MatrixPass<T>.Slots(4 * Hidden);
        biasLanes = new AlignedBuffer<T>(4L * Hidden * MicroBatch.Lanes);
    }

    public override long StateSize => 2 * Size;

    public override void Collect(T* gradient)
    {
        base.Collect(gradient);
        LaneSums.Collect(biasLanes, 4 * Hidden, gradient + Cell.BiasStart);
    }

    public override void SaveState(int steps, T* state)
    {
        base.SaveState(steps, state);
        Copy(Memory(steps), state + Size);
    }

    public override void LoadState(T* state)
    {
        base.LoadState(state);
        Copy(state == null ? null : state + Size, Memory(0));
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var buffer in new[] { gates, memories, memoryTanhs, memoryGradient, sums, biasLanes })
        {
            buffer.Dispose();
        }
    }

    protected override void StepForward(int step, T* x)
    {
        var own = Gates(step);
        Arithmetic.Fill(Cell.Bias, 4 * Hidden, own);
        AddInput(step, x, own);
        AddRecurrent(step, own);
        Arithmetic.GatesForward(Hidden, own, Memory(step), Memory(step + 1), MemoryTanh(step), Output(step + 1));
    }

    protected override void Begin(T* last)
    {
        base.Begin(last);
        memoryGradient.Clear();
    }

    protected override void StepBack(int step, int slot, T* x, T* dx)
    {
        var own = sums.Pointer + (4 * slot * Size);
        Arithmetic.GatesBackward(Hidden, Gates(step), Memory(step), MemoryTanh(step), OutputGradient, memoryGradient.Pointer, own);
        Arithmetic.AddLanes(own, 4 * Hidden, biasLanes.Pointer);
        RecurrentBack(step, slot, own);
        InputBack(slot, x, own, dx);
    }

    protected override void AddGradients(int last, int count, StepVectors<T> x)
    {
        AddInputGradients(last, count, x, sums, 4 * Hidden);
        AddRecurrentGradients(last, count, sums, 4 * Hidden);
    }

    private T* Gates(int step) => gates.Pointer + (4 * step * Size);

    /// <summary>c before this step.</summary>
    private T* Memory(int step) => memories.Pointer + (step * Size);

    private T* MemoryTanh(int step) => memoryTanhs.Pointer + (step * Size);
}
