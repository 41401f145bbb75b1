using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>The mini-batches of a plan, run through the network.</summary>
internal abstract unsafe class TrainingBatches : IDisposable
{
    /// <summary>
    /// What goes from one mini-batch of an epoch to the next beside the weights: the state of token streams. Empty where nothing
    /// does; zero at the beginning of an epoch.
    /// </summary>
    public virtual Span<float> Carried => [];

    /// <summary>Begins an epoch: its order depends on no other epoch.</summary>
    public abstract void Begin(int epoch);

    /// <summary>gradient += d(mean loss of the mini-batch). Returns the sum of its samples' losses.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two micro-batches; neither the gradient nor what is carried is of use then.</exception>
    public abstract double Train(int batch, float* gradient, DropoutKey? dropout, CancellationToken cancel);

    /// <summary>The metric over the validation part.</summary>
    public abstract double Validate(CancellationToken cancel);

    public abstract void Dispose();
}
