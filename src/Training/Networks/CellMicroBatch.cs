using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>
/// One direction of one layer for one micro-batch: through time, leaving at each step what the way back needs, and back. Steps are
/// counted in the order in which the cell reads them. All memory is taken once. Used by one thread at a time.
/// </summary>
internal abstract unsafe class CellMicroBatch<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected const int Vector = MicroBatch.Samples;

    private readonly MatrixPass<T> input;
    private readonly MatrixPass<T> recurrent;
    private readonly AlignedBuffer<T> outputs;
    private readonly AlignedBuffer<T> outputGradient;
    private readonly AlignedBuffer<T> inputGradient;

    protected CellMicroBatch(TrainableCell<T> cell, BatchArithmetic<T> arithmetic, int steps)
    {
        Cell = cell;
        Arithmetic = arithmetic;
        Size = Hidden * Vector;
        input = new MatrixPass<T>(cell.Input.Matrix, arithmetic, steps);
        recurrent = new MatrixPass<T>(cell.Recurrent.Matrix, arithmetic, steps);
        outputs = new AlignedBuffer<T>((steps + 1) * Size);
        outputGradient = new AlignedBuffer<T>(Size);
        inputGradient = new AlignedBuffer<T>(cell.Shape.Input * Vector);
    }

    /// <summary>The state's length: what <see cref="SaveState"/> writes.</summary>
    public virtual long StateSize => Size;

    protected TrainableCell<T> Cell { get; }

    protected BatchArithmetic<T> Arithmetic { get; }

    protected int Hidden => Cell.Shape.Hidden;

    /// <summary>Values of one vector of the hidden size.</summary>
    protected long Size { get; }

    /// <summary>dL/dh of the step that is looked at.</summary>
    protected T* OutputGradient => outputGradient.Pointer;

    /// <summary>h before this step; before the first it is what <see cref="LoadState"/> said, or zero.</summary>
    public T* Output(int step) => outputs.Pointer + (step * Size);

    public void Forward(StepVectors<T> x, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            StepForward(step, x.At(step));
        }
    }

    /// <summary>Adds the gradients of all steps.</summary>
    /// <param name="x">What <see cref="Forward"/> read.</param>
    /// <param name="last">dL/dh after the last step, beside what <paramref name="above"/> says; null for none.</param>
    /// <param name="above">dL/dh of each step, from what reads it.</param>
    /// <param name="below">Where dL/dx goes.</param>
    /// <param name="add">Whether dL/dx is added to what is there.</param>
    public void Backward(StepVectors<T> x, int steps, T* last, StepVectors<T> above, StepVectors<T> below, bool add)
    {
        Begin(last);
        for (var end = steps - 1; end >= 0; end -= MicroBatch.GradientSteps)
        {
            var count = Math.Min(MicroBatch.GradientSteps, end + 1);
            for (var slot = 0; slot < count; slot++)
            {
                var step = end - slot;
                if (!above.IsNone)
                {
                    Arithmetic.Add(above.At(step), OutputGradient, Size);
                }

                var target = add ? inputGradient.Pointer : below.At(step);
                StepBack(step, slot, x.At(step), below.IsNone ? null : target);
                if (add)
                {
                    Arithmetic.Add(target, below.At(step), inputGradient.Length);
                }
            }

            AddGradients(end, count, x);
        }
    }

    /// <summary>gradient[all parameters] += this micro-batch's sums, which are zero again then.</summary>
    public virtual void Collect(T* gradient)
    {
        input.Collect(gradient + Cell.Input.Start);
        recurrent.Collect(gradient + Cell.Recurrent.Start);
    }

    /// <summary>Copies the state after so many steps.</summary>
    public virtual void SaveState(int steps, T* state) => Copy(Output(steps), state);

    /// <summary>Begins from a state that was saved; null: from zero.</summary>
    public virtual void LoadState(T* state) => Copy(state, Output(0));

    public virtual void Dispose()
    {
        input.Dispose();
        recurrent.Dispose();
        outputs.Dispose();
        outputGradient.Dispose();
        inputGradient.Dispose();
    }

    protected abstract void StepForward(int step, T* x);

    /// <summary>From dL/dh after this step to that before it, both in <see cref="OutputGradient"/>, and to dL/dx where it is wanted.</summary>
    protected abstract void StepBack(int step, int slot, T* x, T* dx);

    protected abstract void AddGradients(int last, int count, StepVectors<T> x);

    protected virtual void Begin(T* last) => Copy(last, OutputGradient);

    /// <summary>sums += W x.</summary>
    protected void AddInput(int step, T* x, T* sums) => input.Forward(step, x, sums);

    /// <summary>sums += U h.</summary>
    protected void AddRecurrent(int step, T* sums) => recurrent.Forward(step, Output(step), sums);

    /// <summary>dL/dh before the step = U' d(sums), in <see cref="OutputGradient"/>.</summary>
    protected void RecurrentBack(int step, int slot, T* sums) => recurrent.Backward(slot, Output(step), sums, OutputGradient);

    protected void InputBack(int slot, T* x, T* sums, T* dx) => input.Backward(slot, x, sums, dx);

    protected void AddInputGradients(int last, int count, StepVectors<T> x, AlignedBuffer<T> sums, int rows) =>
        input.AddGradient(last, count, x, sums.Pointer, rows * Vector);

    protected void AddRecurrentGradients(int last, int count, AlignedBuffer<T> sums, int rows) =>
        recurrent.AddGradient(last, count, new StepVectors<T>((nint)Output(0), Size), sums.Pointer, rows * Vector);

    /// <summary>Copies one vector of the hidden size; from null, zeros.</summary>
    protected void Copy(T* from, T* to)
    {
        var target = new Span<T>(to, (int)Size);
        if (from == null)
        {
            target.Clear();
        }
        else
        {
            new ReadOnlySpan<T>(from, (int)Size).CopyTo(target);
        }
    }
}
