using Fleet.Domain.Measuring;

namespace Fleet.Measurement.Sessions;

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

/// <summary>
/// The unit of work that is timed. Inputs are real: each call takes the next of a set of test windows and begins again after the last, for
/// activations, branches and denormals depend on the data.
/// </summary>
public interface IInference
{
    /// <summary>
    /// One inference on the next input: a whole sequence in window mode, one step in streaming mode (the state starts anew at the first
    /// step of a window). Must not allocate.
    /// </summary>
    void Run();

    /// <summary>
    /// Compares the latest call's output with the expected one, worked out beforehand: null if they agree, else the difference in plain words.
    /// Called now and then between timed inferences (MLPerf's TEST01); must not allocate when they agree.
    /// </summary>
    string? CheckOutput();
}
