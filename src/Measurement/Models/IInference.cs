namespace Fleet.Measurement.Models;

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
