using System.Numerics;
using Fleet.Training.Arithmetic;

namespace Fleet.Training.Networks;

/// <summary>One layer for one micro-batch: what it reads, and each direction's way through it and back.</summary>
/// <param name="wantsGradient">Whether something below learns from dL/d(what it reads).</param>
internal sealed unsafe class LayerMicroBatch<T>(IReadOnlyList<TrainableCell<T>> cells, Func<int, bool> isReverse, int steps, bool wantsGradient)
    : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Vector = MicroBatch.Samples;

    private readonly CellMicroBatch<T>[] directions = [.. cells.Select(cell => cell.CreateMicroBatch(steps))];
    private readonly long inputSize = cells[0].Shape.Input * Vector;
    private readonly long hiddenSize = cells[0].Shape.Hidden * Vector;
    private readonly AlignedBuffer<T> inputs = new((long)steps * cells[0].Shape.Input * Vector);
    private readonly AlignedBuffer<T> inputGradients = new(wantsGradient ? (long)steps * cells[0].Shape.Input * Vector : 0);

    /// <summary>Rows of what it reads.</summary>
    public int Columns => cells[0].Shape.Input;

    /// <summary>What it reads, [steps][columns, samples], in the sequence's order.</summary>
    public AlignedBuffer<T> Inputs => inputs;

    /// <summary>dL/d(what it reads), likewise.</summary>
    public AlignedBuffer<T> InputGradients => inputGradients;

    public long StateSize => directions.Sum(cell => cell.StateSize);

    public void Forward(int count)
    {
        for (var place = 0; place < directions.Length; place++)
        {
            directions[place].Forward(StepVectors<T>.Of(inputs.Pointer, inputSize, count, isReverse(place)), count);
        }
    }

    /// <summary>Its outputs: target[steps][outputs, samples], directions side by side.</summary>
    public void CopyOutputs(int count, T* target)
    {
        for (var place = 0; place < directions.Length; place++)
        {
            var to = Outputs(target, count, place);
            for (var step = 0; step < count; step++)
            {
                Copy(directions[place].Output(step + 1), to.At(step));
            }
        }
    }

    /// <summary>The outputs after the last step that each direction reads: target[outputs, samples].</summary>
    public void CopyLast(int count, T* target)
    {
        for (var place = 0; place < directions.Length; place++)
        {
            Copy(directions[place].Output(count), target + (place * hiddenSize));
        }
    }

    /// <param name="last">Gradient of what <see cref="CopyLast"/> gave; null for none.</param>
    /// <param name="above">Gradient of what <see cref="CopyOutputs"/> gave; null for none.</param>
    public void Backward(int count, T* last, T* above)
    {
        for (var place = 0; place < directions.Length; place++)
        {
            directions[place].Backward(
                StepVectors<T>.Of(inputs.Pointer, inputSize, count, isReverse(place)),
                count,
                last == null ? null : last + (place * hiddenSize),
                above == null ? StepVectors<T>.None : Outputs(above, count, place),
                wantsGradient ? StepVectors<T>.Of(inputGradients.Pointer, inputSize, count, isReverse(place)) : StepVectors<T>.None,
                add: wantsGradient && place > 0);
        }
    }

    public void Collect(T* gradient) => Array.ForEach(directions, cell => cell.Collect(gradient));

    public void SaveState(int count, T* state)
    {
        foreach (var cell in directions)
        {
            cell.SaveState(count, state);
            state += cell.StateSize;
        }
    }

    /// <param name="state">Null: from zero.</param>
    public void LoadState(T* state)
    {
        foreach (var cell in directions)
        {
            cell.LoadState(state);
            state = state == null ? null : state + cell.StateSize;
        }
    }

    public void Dispose()
    {
        Array.ForEach(directions, cell => cell.Dispose());
        inputs.Dispose();
        inputGradients.Dispose();
    }

    private StepVectors<T> Outputs(T* all, int count, int place) =>
        StepVectors<T>.Of(all + (place * hiddenSize), directions.Length * hiddenSize, count, isReverse(place));

    private void Copy(T* from, T* to) => new ReadOnlySpan<T>(from, (int)hiddenSize).CopyTo(new Span<T>(to, (int)hiddenSize));
}
