using Fleet.Domain.Measuring;

namespace Fleet.Measurement.Models;

/// <summary>A loaded model as a session sees it. One thread uses it.</summary>
public interface IMeasuredModel : IDisposable
{
    /// <summary>Bytes of the model's file.</summary>
    long ModelBytes { get; }

    /// <summary>Bytes that its weights and buffers take in memory; null where nobody counted them.</summary>
    long? ResidentBytes { get; }

    /// <summary>
    /// Makes ready to infer in this mode: buffers, inputs, expected outputs. The first <see cref="IInference.Run"/> after it is the cold one,
    /// so it must not have run the model's own kernels on the model's own weights.
    /// </summary>
    IInference Prepare(InferenceMode mode);

    /// <summary>The task's metric over the whole test set, by the same kernels that are timed in this mode.</summary>
    MeasuredMetric Evaluate(InferenceMode mode, CancellationToken cancel);
}
