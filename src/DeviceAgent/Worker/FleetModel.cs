using Fleet.Domain.Measuring;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Measurement.Models;

namespace Fleet.DeviceAgent.Worker;

/// <summary>A model on Fleet's own kernels, as a session measures it.</summary>
internal sealed class FleetModel(ModelDocument document, long modelBytes, TestInputs test, ExpectedOutputs expected, bool evaluate) : IMeasuredModel
{
    private readonly SequenceModel model = SequenceModel.Create(document);
    private ModelRunner? runner;

    public long ModelBytes => modelBytes;

    public long? ResidentBytes => model.ResidentBytes + Runner.ResidentBytes;

    private ModelRunner Runner => runner ??= model.CreateRunner(test.Steps);

    public IInference Prepare(InferenceMode mode)
    {
        var classes = model.Structure.Outputs;
        return mode switch
        {
            InferenceMode.Window => new WindowInference(Runner, test, expected, classes),
            InferenceMode.Streaming => new StreamingInference(Runner, test, expected, classes),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
        };
    }

    public MeasuredMetric Evaluate(InferenceMode mode, CancellationToken cancel) => evaluate
        ? test.Evaluate(Runner, model.Structure, mode, cancel)
        : new MeasuredMetric(test.Metadata.Metric, null, null, null, 0);

    public void Dispose() => runner = null;
}
