using Fleet.Domain.Measuring;
using Fleet.Measurement.Models;

namespace Fleet.Measurement.Tests.Simulation;

/// <summary>A model whose inferences take a set time on the simulated board, and that does on the way what a test wants.</summary>
internal sealed class SimulatedModel(SimulatedBoard board, double microseconds) : IMeasuredModel, IInference
{
    public long ModelBytes => 1000;

    public long? ResidentBytes => 4000;

    /// <summary>Factor on the time of the call of this number, from 0.</summary>
    public Func<long, double> Noise { get; init; } = _ => 1;

    public Action<long> OnRun { get; init; } = _ => { };

    public Func<string?> Check { get; init; } = () => null;

    public Func<MeasuredMetric> Evaluation { get; init; } = () => new("accuracy", 0.9, 0.88, 0.92, 1000);

    public long Calls { get; private set; }

    public bool Disposed { get; private set; }

    public IInference Prepare(InferenceMode mode) => this;

    public void Run()
    {
        OnRun(Calls);
        board.Work(microseconds * Noise(Calls++));
    }

    public string? CheckOutput() => Check();

    public MeasuredMetric Evaluate(InferenceMode mode, CancellationToken cancel) => Evaluation();

    public void Dispose() => Disposed = true;
}
