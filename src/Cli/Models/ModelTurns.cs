using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Measurement.Models;
using Fleet.Measurement.Turns;

namespace Fleet.Cli.Models;

/// <summary>A model on Fleet's kernels, fed with random input, for <see cref="TurnTimer"/>.</summary>
internal sealed class ModelTurns
{
    private const int Seed = 1;

    private readonly ModelRunner runner;

    /// <param name="steps">Length of the sequence: 1 to <see cref="ModelRunner.StepLimit"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It cannot be so long; the message says how long it may be.</exception>
    public ModelTurns(ModelDocument document, int steps)
    {
        var structure = document.Structure;
        var random = new Random(Seed);
        Steps = steps;
        runner = SequenceModel.Create(document).CreateRunner(steps);
        if (structure.Embedding is { } embedding)
        {
            Tokens = [.. Enumerable.Range(0, steps).Select(_ => random.Next(embedding.Vocabulary))];
        }
        else
        {
            Features = [.. Enumerable.Range(0, steps * structure.Features).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        }

        WindowOutput = new float[(structure.AnswersEachStep ? steps : 1) * structure.Outputs];
        StepOutput = new float[structure.Outputs];
        Window = new WindowTurn(this, structure.AnswersEachStep);
        Streaming = structure.CanStream ? new StreamingTurn(this) : null;
    }

    public int Steps { get; }

    /// <summary>[steps, features], from -1 to 1; empty where the model reads tokens.</summary>
    public float[] Features { get; } = [];

    /// <summary>[steps]; empty where the model reads features.</summary>
    public int[] Tokens { get; } = [];

    /// <summary>What the latest window gave: the answer to every step, or the one answer.</summary>
    public float[] WindowOutput { get; }

    /// <summary>What the latest step gave.</summary>
    public float[] StepOutput { get; }

    /// <summary>The whole sequence at once, from the zero state.</summary>
    public IInference Window { get; }

    /// <summary>One step; from the zero state again at the sequence's first. Null where the model needs the whole sequence.</summary>
    public IInference? Streaming { get; }

    private sealed class WindowTurn(ModelTurns turns, bool eachStep) : IInference
    {
        public void Run()
        {
            turns.runner.Reset();
            switch (turns.Tokens.Length > 0, eachStep)
            {
                case (true, true):
                    turns.runner.RunAll(turns.Tokens, turns.WindowOutput);
                    break;
                case (true, false):
                    turns.runner.Run(turns.Tokens, turns.WindowOutput);
                    break;
                case (false, true):
                    turns.runner.RunAll(turns.Features, turns.Steps, turns.WindowOutput);
                    break;
                default:
                    turns.runner.Run(turns.Features, turns.Steps, turns.WindowOutput);
                    break;
            }
        }

        public string? CheckOutput() => null;
    }

    private sealed class StreamingTurn(ModelTurns turns) : IInference
    {
        private int step;

        public void Run()
        {
            if (step == 0)
            {
                turns.runner.Reset();
            }

            if (turns.Tokens.Length > 0)
            {
                turns.runner.Step(turns.Tokens[step], turns.StepOutput);
            }
            else
            {
                var width = turns.Features.Length / turns.Steps;
                turns.runner.Step(turns.Features.AsSpan(step * width, width), turns.StepOutput);
            }

            step = (step + 1) % turns.Steps;
        }

        public string? CheckOutput() => null;
    }
}
