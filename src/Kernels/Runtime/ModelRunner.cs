using Fleet.Kernels.Runtime.Cells;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;

namespace Fleet.Kernels.Runtime;

/// <summary>
/// Runs one model on one thread, a window or a step at a time. Everything it needs is allocated when it is made; running
/// allocates nothing. Not for use by two threads at once.
/// </summary>
public sealed unsafe class ModelRunner
{
    // The most floats of one buffer: a GB.
    private const int MaxFloats = 1 << 28;

    private readonly SequenceModel model;

    // Of the structure, which works them out anew whenever it is asked.
    private readonly int features;
    private readonly int outputCount;
    private readonly bool canStream;
    private readonly bool endsForward;
    private readonly CellRunner[][] layers;
    private readonly CellWorkspace workspace;
    private readonly Aligned<float> inputs;

    // What one layer outputs and the next one reads; a layer reads from one and writes to the other.
    private readonly Aligned<float>[] between;
    private readonly Aligned<float> last;
    private readonly Aligned<float> headWork;
    private readonly Aligned<float> headScratch;

    /// <exception cref="ArgumentOutOfRangeException">A window of so many steps cannot be run; the message says how long it may be.</exception>
    internal ModelRunner(SequenceModel model, int maxSteps)
    {
        var structure = model.Structure;
        if (maxSteps < 1 || maxSteps > StepLimit(structure))
        {
            throw new ArgumentOutOfRangeException(nameof(maxSteps), maxSteps, $"This model can be run over 1 to {StepLimit(structure)} steps at once.");
        }

        this.model = model;
        MaxSteps = maxSteps;
        features = structure.Features;
        outputCount = structure.Outputs;
        canStream = structure.CanStream;
        endsForward = structure.Layers[^1].Direction == LayerDirection.Forward;
        layers = [.. model.Layers.Select((cells, index) =>
            cells.Select((cell, place) => new CellRunner(cell, structure.Layers[index].IsReverse(place))).ToArray())];
        workspace = CellRunner.Workspace(model.Layers.SelectMany(cells => cells), maxSteps);
        inputs = new Aligned<float>(maxSteps * structure.Layers[0].Shape.Input);
        var widest = structure.Layers.Max(layer => layer.Outputs);
        between = [.. Enumerable.Range(0, structure.Layers.Count == 1 ? 1 : 2).Select(_ => new Aligned<float>(maxSteps * widest))];
        last = new Aligned<float>(structure.Layers[^1].Outputs);
        headWork = new Aligned<float>(model.Head?.WorkFloats ?? 0);
        headScratch = new Aligned<float>(model.Head?.ScratchFloats ?? 0);
    }

    /// <summary>The longest window.</summary>
    public int MaxSteps { get; }

    /// <summary>How many steps at once a model of this structure can be run over: what it reads, and what goes from layer to layer, is a GB each.</summary>
    public static int StepLimit(ModelStructure structure) =>
        MaxFloats / Math.Max(
            structure.Layers[0].Shape.Input, Math.Max(structure.AnswersEachStep ? structure.Outputs : 1, structure.Layers.Max(layer => layer.Outputs)));

    /// <summary>What the runner's own buffers take in memory.</summary>
    public long ResidentBytes =>
        inputs.Bytes + between.Sum(buffer => buffer.Bytes) + last.Bytes + headWork.Bytes + headScratch.Bytes + workspace.Bytes
        + layers.Sum(cells => cells.Sum(cell => cell.ResidentBytes));

    /// <summary>Forgets all steps: every state is zero again.</summary>
    public void Reset()
    {
        foreach (var cells in layers)
        {
            foreach (var cell in cells)
            {
                cell.Reset();
            }
        }
    }

    /// <summary>A layer's output h, [hidden]: that after the last step that was run. May be set before a step or a run; the span is good until then.</summary>
    public Span<float> Hidden(int layer, bool reverse = false) => Find(layer, reverse).Hidden;

    /// <summary>A layer's memory c, [hidden], likewise; empty where the cell has none.</summary>
    public Span<float> Memory(int layer, bool reverse = false) => Find(layer, reverse).Memory;

    /// <summary>
    /// One time step, from the state that the steps before have left. The output is that of the sequence so far.
    /// NaN in a feature that has any weight makes it NaN until <see cref="Reset"/>.
    /// </summary>
    /// <param name="x">Features, not normalised.</param>
    /// <param name="output">Written: <see cref="ModelStructure.Outputs"/> values.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="InvalidOperationException">The model reads tokens, or needs the whole sequence at once.</exception>
    public void Step(ReadOnlySpan<float> x, Span<float> output)
    {
        CheckLength(x.Length, FeaturesOrThrow(), "the step", nameof(x));
        CheckStep(output);
        ModelInput.Features(model, x, inputs.Span);
        StepLoaded(output);
    }

    /// <summary>The same with a token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary has no such token.</exception>
    /// <inheritdoc cref="Step(ReadOnlySpan{float}, Span{float})"/>
    public void Step(int token, Span<float> output)
    {
        CheckStep(output);
        ModelInput.Tokens(model, [token], inputs.Span);
        StepLoaded(output);
    }

    /// <summary>A whole sequence from the zero state: <see cref="Reset"/> and <see cref="Run(ReadOnlySpan{float}, int, Span{float})"/>.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{float}, int, Span{float})"/>
    public void Window(ReadOnlySpan<float> sequence, int steps, Span<float> output)
    {
        CheckSequence(sequence, steps);
        CheckOutput(output, 1);
        Reset();
        Run(sequence, steps, output);
    }

    /// <summary>
    /// A whole sequence, from the state that there is. The product of a layer's input matrix with all steps comes first, then the recurrence.
    /// </summary>
    /// <param name="sequence">steps x features, row-major, not normalised.</param>
    /// <param name="steps">1 to <see cref="MaxSteps"/>.</param>
    /// <param name="output">
    /// Written, <see cref="ModelStructure.Outputs"/> values: the answer to the sequence, or the last step's where each step has one;
    /// without a head the last layer's last state, forward and reverse side by side, each after the last step that it read.
    /// </param>
    /// <exception cref="ArgumentException">A span has another length, or there are too many steps.</exception>
    /// <exception cref="InvalidOperationException">The model reads tokens.</exception>
    public void Run(ReadOnlySpan<float> sequence, int steps, Span<float> output)
    {
        CheckSequence(sequence, steps);
        CheckOutput(output, 1);
        ModelInput.Features(model, sequence, inputs.Span);
        RunLoaded(steps, output, all: false);
    }

    /// <summary>The same with tokens, one a step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary has no such token.</exception>
    /// <inheritdoc cref="Run(ReadOnlySpan{float}, int, Span{float})"/>
    public void Run(ReadOnlySpan<int> tokens, Span<float> output)
    {
        CheckSteps(tokens.Length);
        CheckOutput(output, 1);
        ModelInput.Tokens(model, tokens, inputs.Span);
        RunLoaded(tokens.Length, output, all: false);
    }

    /// <summary>A whole sequence, from the state that there is, and the answer to every step of it.</summary>
    /// <param name="outputs">Written: steps x <see cref="ModelStructure.Outputs"/>, in the sequence's order.</param>
    /// <exception cref="InvalidOperationException">The model reads tokens, or answers only whole sequences.</exception>
    /// <inheritdoc cref="Run(ReadOnlySpan{float}, int, Span{float})"/>
    public void RunAll(ReadOnlySpan<float> sequence, int steps, Span<float> outputs)
    {
        CheckSequence(sequence, steps);
        CheckAll(outputs, steps);
        ModelInput.Features(model, sequence, inputs.Span);
        RunLoaded(steps, outputs, all: true);
    }

    /// <summary>The same with tokens, one a step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary has no such token.</exception>
    /// <inheritdoc cref="RunAll(ReadOnlySpan{float}, int, Span{float})"/>
    public void RunAll(ReadOnlySpan<int> tokens, Span<float> outputs)
    {
        CheckSteps(tokens.Length);
        CheckAll(outputs, tokens.Length);
        ModelInput.Tokens(model, tokens, inputs.Span);
        RunLoaded(tokens.Length, outputs, all: true);
    }

    private void StepLoaded(Span<float> output)
    {
        var x = inputs.Pointer;
        foreach (var cells in layers)
        {
            cells[0].Step(x, workspace);
            x = cells[0].HiddenPointer;
        }

        Answer(x, 1, output);
        GC.KeepAlive(this);
    }

    private void RunLoaded(int steps, Span<float> output, bool all)
    {
        // What nothing is made of goes where it is wanted at once.
        fixed (float* target = all && model.Head is null ? output : default)
        {
            RunLoaded(steps, output, all, target);
        }
    }

    private void RunLoaded(int steps, Span<float> output, bool all, float* target)
    {
        var structure = model.Structure;
        var x = inputs.Pointer;
        // A last step is the last state, except of a cell that read it first.
        var fromState = !all && (structure.Head.Kind is HeadKind.None or HeadKind.Sequence || endsForward);
        for (var index = 0; index < layers.Length; index++)
        {
            var isLast = index == layers.Length - 1;
            var width = structure.Layers[index].Outputs;
            var outputs = isLast && fromState ? null : isLast && target is not null ? target : between[index % between.Length].Pointer;
            for (var place = 0; place < layers[index].Length; place++)
            {
                var start = outputs is null ? null : outputs + (place * structure.Layers[index].Shape.Hidden);
                layers[index][place].Run(x, steps, start, width, workspace);
            }

            x = outputs;
        }

        if (target is null)
        {
            x = fromState ? LastState() : all ? x : x + ((steps - 1L) * structure.Layers[^1].Outputs);
            Answer(x, all ? steps : 1, output);
        }

        GC.KeepAlive(this);
    }

    private float* LastState()
    {
        var cells = layers[^1];
        if (cells.Length == 1)
        {
            return cells[0].HiddenPointer;
        }

        cells[0].Hidden.CopyTo(last.Span);
        cells[1].Hidden.CopyTo(last.Span[cells[0].Hidden.Length..]);
        return last.Pointer;
    }

    private void Answer(float* states, int count, Span<float> outputs)
    {
        if (model.Head is { } head)
        {
            head.Answer(states, count, outputs, headWork.Pointer, headScratch.Pointer);
        }
        else
        {
            new ReadOnlySpan<float>(states, outputs.Length).CopyTo(outputs);
        }
    }

    private CellRunner Find(int layer, bool reverse)
    {
        var cells = layers[layer];
        var place = cells.Length == 2 && reverse ? 1 : 0;
        return model.Structure.Layers[layer].IsReverse(place) == reverse
            ? cells[place]
            : throw new ArgumentException($"Layer {layer} has no {(reverse ? "reverse" : "forward")} direction.", nameof(reverse));
    }

    private int FeaturesOrThrow() => model.Structure.Embedding is null
        ? features
        : throw new InvalidOperationException("This model reads tokens, not features.");

    private void CheckStep(Span<float> output)
    {
        if (!canStream)
        {
            throw new InvalidOperationException("This model reads sequences from both ends, so it needs the whole sequence at once.");
        }

        CheckOutput(output, 1);
    }

    private void CheckSequence(ReadOnlySpan<float> sequence, int steps)
    {
        CheckSteps(steps);
        CheckLength(sequence.Length, (long)steps * FeaturesOrThrow(), "the window", nameof(sequence));
    }

    private void CheckSteps(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, MaxSteps);
    }

    private void CheckAll(Span<float> outputs, int steps)
    {
        if (!model.Structure.AnswersEachStep)
        {
            throw new InvalidOperationException("This model answers a whole sequence, not its steps.");
        }

        CheckOutput(outputs, steps);
    }

    private void CheckOutput(Span<float> output, int answers) =>
        CheckLength(output.Length, (long)answers * outputCount, "the output", nameof(output));

    private static void CheckLength(int length, long expected, string what, string parameter)
    {
        if (length != expected)
        {
            throw new ArgumentException($"{what} has {length} values, but must have {expected}.", parameter);
        }
    }
}
