using Fleet.Domain.Measuring;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Metrics;
using Fleet.Tasks.Packs;

namespace Fleet.DeviceAgent.Worker;

/// <summary>
/// A stream of tokens. A window is timed with the answers to all of its steps, for a language model is asked after each. The stream is
/// evaluated from its first token to its last with the state carried on, as the model would read it; window mode only takes as many
/// tokens at a call as a window has.
/// </summary>
internal sealed class TokenInputs : TestInputs
{
    private readonly int[] tokens;

    public TokenInputs(PackedTokens test)
    {
        Metadata = test.Metadata;
        Steps = test.Steps;
        tokens = Array.ConvertAll(test.Tokens, token => (int)token);
        Count = Math.Min(MaxWindows, tokens.Length / Steps);
    }

    public override PackMetadata Metadata { get; }

    public override int Count { get; }

    public override int Steps { get; }

    public override int Answers => Steps;

    public override string? FindMisfit(ModelDocument model)
    {
        var (structure, vocabulary) = (model.Structure, Metadata.Labels);
        if (structure.Embedding is not { } embedding)
        {
            return $"the model reads {structure.Features} features a step, but the test set is a stream of tokens.";
        }

        if (!structure.CanStream || structure.Head.Kind is not (HeadKind.Language or HeadKind.Step))
        {
            return "the model does not answer after each token of a stream, so no token can be predicted from those before it.";
        }

        if (embedding.Vocabulary != vocabulary.Count || structure.Outputs != vocabulary.Count)
        {
            return $"the model reads {embedding.Vocabulary} tokens and answers with {structure.Outputs}, "
                + $"but the test set has a vocabulary of {vocabulary.Count}.";
        }

        var labels = model.Metadata.Labels;
        for (var token = 0; token < vocabulary.Count; token++)
        {
            if (token >= labels.Count || labels[token] != vocabulary[token])
            {
                var there = token < labels.Count ? $"'{labels[token]}'" : "nameless";
                return $"the model has another vocabulary: token {token} is {there} there, and '{vocabulary[token]}' in the test set.";
            }
        }

        return null;
    }

    public override void RunWindow(ModelRunner runner, int window, Span<float> output)
    {
        runner.Reset();
        runner.RunAll(tokens.AsSpan(Start(window), Steps), output);
    }

    public override void RunStep(ModelRunner runner, int window, int step, Span<float> output) =>
        runner.Step(tokens[Start(window) + step], output);

    public override MeasuredMetric Evaluate(ModelRunner runner, ModelStructure structure, InferenceMode mode, CancellationToken cancel)
    {
        var outputs = structure.Outputs;
        // The last token is only an answer.
        var nats = new double[tokens.Length - 1];
        var most = mode == InferenceMode.Window ? Steps : 1;
        var answers = new float[most * outputs];
        runner.Reset();
        for (var start = 0; start < nats.Length; start += most)
        {
            cancel.ThrowIfCancellationRequested();
            var count = Math.Min(most, nats.Length - start);
            if (mode == InferenceMode.Window)
            {
                runner.RunAll(tokens.AsSpan(start, count), answers.AsSpan(0, count * outputs));
            }
            else
            {
                runner.Step(tokens[start], answers);
            }

            for (var step = 0; step < count; step++)
            {
                var answer = answers.AsSpan(step * outputs, outputs);
                if (!structure.Head.Softmax)
                {
                    Softmax.Apply(answer);
                }

                nats[start + step] = MeanNats.OfProbability(answer[tokens[start + step + 1]]);
            }
        }

        var mean = MeanNats.Of(nats);
        return new MeasuredMetric(Metadata.Metric, mean.Value, mean.Low, mean.High, mean.Tokens);
    }

    private int Start(int window) => (int)((long)window * (tokens.Length - Steps) / Count);
}
