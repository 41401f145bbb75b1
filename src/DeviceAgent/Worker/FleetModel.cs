using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Measurement.Results;
using Fleet.Measurement.Sessions;
using Fleet.Tasks.Metrics;
using Fleet.Tasks.Packs;

namespace Fleet.DeviceAgent.Worker;

/// <summary>A model on Fleet's own kernels, as a session measures it.</summary>
internal sealed class FleetModel(ModelDocument document, long modelBytes, PackedSet test, TestWindows windows, ExpectedOutputs expected, bool evaluate) : IMeasuredModel
{
    private readonly SequenceModel model = SequenceModel.Create(document);
    private ModelRunner? runner;

    public long ModelBytes => modelBytes;

    public long? ResidentBytes => model.ResidentBytes + Runner.ResidentBytes;

    private ModelRunner Runner => runner ??= model.CreateRunner(test.Data.Steps);

    public IInference Prepare(InferenceMode mode)
    {
        var classes = model.Structure.Outputs;
        return mode switch
        {
            InferenceMode.Window => new WindowInference(Runner, windows, expected, classes),
            InferenceMode.Streaming => new StreamingInference(Runner, windows, expected, classes),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
        };
    }

    public MeasuredMetric Evaluate(InferenceMode mode, CancellationToken cancel)
    {
        if (!evaluate)
        {
            return new MeasuredMetric(test.Metadata.Metric, null, null, null, 0);
        }

        SequenceClassifier classifier = mode == InferenceMode.Window
            ? (sequence, logits) => Runner.Window(sequence, test.Data.Steps, logits)
            : Stream;
        var accuracy = Evaluation.Of(test.Data, model.Structure.Outputs, classifier, cancel).Accuracy;
        return new MeasuredMetric(test.Metadata.Metric, accuracy.Value, accuracy.Low, accuracy.High, accuracy.Samples);
    }

    public void Dispose() => runner = null;

    private void Stream(ReadOnlySpan<float> sequence, Span<float> logits)
    {
        Runner.Reset();
        for (var at = 0; at < sequence.Length; at += test.Data.Features)
        {
            Runner.Step(sequence.Slice(at, test.Data.Features), logits);
        }
    }
}
