using Fleet.Domain.Measuring;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Packs;

namespace Fleet.DeviceAgent.Worker;

/// <summary>
/// A test set as a session uses it: a few whole windows of it, spread over it, are timed, and all of it is evaluated.
/// </summary>
internal abstract class TestInputs
{
    private protected const int MaxWindows = 16;

    public abstract PackMetadata Metadata { get; }

    /// <summary>Windows that are timed.</summary>
    public abstract int Count { get; }

    /// <summary>Of a window.</summary>
    public abstract int Steps { get; }

    /// <summary>Answers that a model gives to a window at once: those of its last so many steps.</summary>
    public abstract int Answers { get; }

    public static TestInputs Of(TaskPack test) => test switch
    {
        PackedTokens tokens => new TokenInputs(tokens),
        PackedSet sequences => new SequenceInputs(sequences),
        _ => throw new ArgumentException($"A pack of {test.GetType()} cannot be measured.", nameof(test)),
    };

    /// <summary>Why this model cannot be run on this test set, or null.</summary>
    public abstract string? FindMisfit(ModelDocument model);

    /// <summary>A whole window from the zero state.</summary>
    /// <param name="output">Written: <see cref="Answers"/> answers.</param>
    public abstract void RunWindow(ModelRunner runner, int window, Span<float> output);

    /// <summary>One step of a window, from the state that there is.</summary>
    public abstract void RunStep(ModelRunner runner, int window, int step, Span<float> output);

    /// <summary>The task's metric over the whole test set.</summary>
    public abstract MeasuredMetric Evaluate(ModelRunner runner, ModelStructure structure, InferenceMode mode, CancellationToken cancel);
}
