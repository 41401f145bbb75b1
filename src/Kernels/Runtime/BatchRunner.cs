using Fleet.Kernels.Runtime.Cells;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime;

/// <summary>
/// Runs one model over several sequences of the same length in lock-step, on one thread: at each step every weight is read once for
/// several sequences. Everything it needs is allocated when it is made; running allocates nothing.
/// </summary>
/// <remarks>
/// Outputs keep to the error bounds of <see cref="ModelRunner"/>, but are not the same to the last bit: sums over the state are taken in
/// another order. So what has to be the same wherever it is computed, such as an accuracy, is for <see cref="ModelRunner"/>.
/// </remarks>
public sealed unsafe class BatchRunner
{
    private readonly SequenceModel model;
    private readonly bool endsForward;
    private readonly BatchCell[][] layers;
    private readonly CellWorkspace workspace;
    private readonly Aligned<float> inputs;
    private readonly Aligned<float>[] between;
    private readonly Aligned<float> last;
    private readonly Aligned<float> headWork;
    private readonly Aligned<float> headScratch;

    /// <exception cref="ArgumentOutOfRangeException">There are none, or together they have more steps than a model can be run over at once.</exception>
    internal BatchRunner(SequenceModel model, int maxSequences, int maxSteps)
    {
        var structure = model.Structure;
        var max = ModelRunner.StepLimit(structure);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSequences, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSteps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)maxSequences * maxSteps, max, nameof(maxSteps));
        this.model = model;
        MaxSequences = maxSequences;
        MaxSteps = maxSteps;
        endsForward = structure.Layers[^1].Direction == LayerDirection.Forward;
        layers = [.. model.Layers.Select((cells, index) =>
            cells.Select((cell, place) => new BatchCell(cell, structure.Layers[index].IsReverse(place), maxSequences)).ToArray())];
        workspace = BatchCell.Workspace(model.Layers.SelectMany(cells => cells), maxSequences, maxSteps);
        var rows = maxSequences * maxSteps;
        inputs = new Aligned<float>(rows * structure.Layers[0].Shape.Input);
        var widest = structure.Layers.Max(layer => layer.Outputs);
        between = [.. Enumerable.Range(0, structure.Layers.Count == 1 ? 1 : 2).Select(_ => new Aligned<float>(rows * widest))];
        last = new Aligned<float>(maxSequences * structure.Layers[^1].Outputs);
        headWork = new Aligned<float>(model.Head?.WorkFloats ?? 0);
        headScratch = new Aligned<float>(model.Head?.ScratchFloats ?? 0);
    }

    public int MaxSequences { get; }

    public int MaxSteps { get; }

    /// <summary>What the runner's own buffers take in memory.</summary>
    public long ResidentBytes =>
        inputs.Bytes + between.Sum(buffer => buffer.Bytes) + last.Bytes + headWork.Bytes + headScratch.Bytes + workspace.Bytes
        + layers.Sum(cells => cells.Sum(cell => cell.ResidentBytes));

    /// <summary>All sequences from the zero state.</summary>
    /// <param name="x">[steps, sequences, features], not normalised.</param>
    /// <param name="eachStep">Whether every step is answered, or only each sequence.</param>
    /// <param name="output">Written: [steps, sequences, outputs], or [sequences, outputs].</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are more sequences or steps than the runner was made for.</exception>
    /// <exception cref="InvalidOperationException">The model reads tokens, or answers only whole sequences.</exception>
    public void Run(ReadOnlySpan<float> x, int steps, int sequences, bool eachStep, Span<float> output)
    {
        var structure = model.Structure;
        if (structure.Embedding is not null)
        {
            throw new InvalidOperationException("This model reads tokens, not features.");
        }

        Check(x.Length, (long)structure.Features * steps * sequences, steps, sequences, eachStep, output.Length);
        ModelInput.Features(model, x, inputs.Span);
        RunLoaded(steps, sequences, eachStep, output);
    }

    /// <summary>The same with tokens, [steps, sequences].</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{float}, int, int, bool, Span{float})"/>
    public void Run(ReadOnlySpan<int> tokens, int steps, int sequences, bool eachStep, Span<float> output)
    {
        Check(tokens.Length, (long)steps * sequences, steps, sequences, eachStep, output.Length);
        ModelInput.Tokens(model, tokens, inputs.Span);
        RunLoaded(steps, sequences, eachStep, output);
    }

    private void RunLoaded(int steps, int sequences, bool all, Span<float> output)
    {
        var structure = model.Structure;
        var x = inputs.Pointer;
        // A last step is the last state, except of a cell that read it first.
        var fromState = !all && (structure.Head.Kind is HeadKind.None or HeadKind.Sequence || endsForward);
        for (var index = 0; index < layers.Length; index++)
        {
            var width = structure.Layers[index].Outputs;
            var outputs = index == layers.Length - 1 && fromState ? null : between[index % between.Length].Pointer;
            for (var place = 0; place < layers[index].Length; place++)
            {
                layers[index][place].Run(
                    x, steps, sequences, outputs is null ? null : outputs + (place * structure.Layers[index].Shape.Hidden), width, workspace);
            }

            x = outputs;
        }

        var states = fromState ? LastStates(sequences) : all ? x : x + ((steps - 1L) * sequences * structure.Layers[^1].Outputs);
        var count = all ? steps * sequences : sequences;
        if (model.Head is { } head)
        {
            head.Answer(states, count, output, headWork.Pointer, headScratch.Pointer);
        }
        else
        {
            new ReadOnlySpan<float>(states, output.Length).CopyTo(output);
        }

        GC.KeepAlive(this);
    }

    private float* LastStates(int sequences)
    {
        var cells = layers[^1];
        if (cells.Length == 1)
        {
            return cells[0].Hidden;
        }

        for (var place = 0; place < cells.Length; place++)
        {
            cells[place].Store(last.Pointer + (place * cells[place].Units), cells.Length * cells[place].Units, sequences);
        }

        return last.Pointer;
    }

    private void Check(int length, long expected, int steps, int sequences, bool eachStep, int outputLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, MaxSteps);
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequences, MaxSequences);
        if (eachStep && !model.Structure.AnswersEachStep)
        {
            throw new InvalidOperationException("This model answers a whole sequence, not its steps.");
        }

        if (length != expected)
        {
            throw new ArgumentException($"the sequences have {length} values, but must have {expected}.");
        }

        var outputs = (long)(eachStep ? steps : 1) * sequences * model.Structure.Outputs;
        if (outputLength != outputs)
        {
            throw new ArgumentException($"the output has {outputLength} values, but must have {outputs}.");
        }
    }
}
