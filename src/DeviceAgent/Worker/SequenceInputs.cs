using Fleet.Domain.Measuring;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Data;
using Fleet.Tasks.Metrics;
using Fleet.Tasks.Packs;

namespace Fleet.DeviceAgent.Worker;

/// <summary>Sequences of features with a label each.</summary>
internal sealed class SequenceInputs : TestInputs
{
    private readonly SequenceSet set;

    /// <summary>[count, steps, features], one window behind the other in memory.</summary>
    private readonly float[] inputs;

    public SequenceInputs(PackedSet test)
    {
        Metadata = test.Metadata;
        set = test.Data;
        Count = Math.Min(MaxWindows, set.Samples);
        inputs = new float[Count * set.Steps * set.Features];
        for (var window = 0; window < Count; window++)
        {
            set.Sequence((int)((long)window * set.Samples / Count)).CopyTo(inputs.AsSpan(window * set.Steps * set.Features));
        }
    }

    public override PackMetadata Metadata { get; }

    public override int Count { get; }

    public override int Steps => set.Steps;

    public override int Answers => 1;

    public override string? FindMisfit(ModelDocument model)
    {
        if (model.Structure.Embedding is not null)
        {
            return $"the model reads tokens, but the test set has {set.Features} features a step.";
        }

        if (model.Structure.Features != set.Features)
        {
            return $"the model reads {model.Structure.Features} features a step, but the test set has {set.Features}.";
        }

        var labels = model.Metadata.Labels;
        return labels.SequenceEqual(Metadata.Labels)
            ? null
            : $"the model's classes ({string.Join(", ", labels)}) are not those of the test set ({string.Join(", ", Metadata.Labels)}).";
    }

    public override void RunWindow(ModelRunner runner, int window, Span<float> output) =>
        runner.Window(inputs.AsSpan(window * Steps * set.Features, Steps * set.Features), Steps, output);

    public override void RunStep(ModelRunner runner, int window, int step, Span<float> output) =>
        runner.Step(inputs.AsSpan(((window * Steps) + step) * set.Features, set.Features), output);

    public override MeasuredMetric Evaluate(ModelRunner runner, ModelStructure structure, InferenceMode mode, CancellationToken cancel)
    {
        SequenceClassifier classifier = mode == InferenceMode.Window ? (sequence, logits) => runner.Window(sequence, Steps, logits) : Stream;
        var accuracy = Evaluation.Of(set, structure.Outputs, classifier, cancel).Accuracy;
        return new MeasuredMetric(Metadata.Metric, accuracy.Value, accuracy.Low, accuracy.High, accuracy.Samples);

        void Stream(ReadOnlySpan<float> sequence, Span<float> logits)
        {
            runner.Reset();
            for (var at = 0; at < sequence.Length; at += set.Features)
            {
                runner.Step(sequence.Slice(at, set.Features), logits);
            }
        }
    }
}
