using Fleet.Training.Arithmetic;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>
/// Runs a mini-batch micro-batch by micro-batch on a number of threads. The cut into micro-batches and the order in which their gradients are
/// added do not depend on that number, so neither do the bits of the sum.
/// </summary>
internal sealed unsafe class MicroBatchPool : IDisposable
{
    private readonly NetworkMicroBatch<float>[] microBatches;
    private readonly ParallelOptions options;
    private readonly (double Loss, int Right)[] outcomes;

    public MicroBatchPool(Network<float> network, int steps, int largestBatch, int threads)
    {
        var useful = Math.Min(Math.Max(1, threads), MicroBatch.Count(largestBatch));
        microBatches = [.. Enumerable.Range(0, useful).Select(_ => new NetworkMicroBatch<float>(network, steps))];
        options = new ParallelOptions { MaxDegreeOfParallelism = useful };
        outcomes = new (double, int)[useful];
    }

    /// <summary>What one micro-batch's streams carry from window to window.</summary>
    public long StateSize => microBatches[0].StateSize;

    /// <summary>gradient += d(mean loss of the samples). Returns the sum of their losses and how many were right.</summary>
    /// <param name="distillation">The teacher's part of the loss; null where it is the cross-entropy alone.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two micro-batches; the gradient is of no use then.</exception>
    public (double Loss, int Right) Train(
        Sequences<float> data, int[] samples, float* gradient, DropoutKey? dropout, CancellationToken cancel, Distillation<float>? distillation = null) =>
        Run(samples.Length, gradient, cancel, (microBatch, number) => RunMicroBatch(microBatch, data, samples, number, train: true, dropout, distillation));

    /// <summary>The sum of the samples' losses and how many were right.</summary>
    public (double Loss, int Right) Judge(Sequences<float> data, int[] samples, CancellationToken cancel) =>
        Run(samples.Length, null, cancel, (microBatch, number) =>
            RunMicroBatch(microBatch, data, samples, number, train: false, dropout: null, distillation: null));

    /// <summary>gradient += d(mean cross-entropy of all streams' tokens in a window). Returns the sum of their losses.</summary>
    /// <param name="start">Position of the window's first step.</param>
    /// <param name="states">What each micro-batch's streams carry, one after the other: from before the window to behind it.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two micro-batches; neither the gradient nor the states are of use then.</exception>
    public double Train(TokenStreams data, int start, int steps, float* states, float* gradient, DropoutKey? dropout, CancellationToken cancel)
    {
        var weight = 1.0 / ((double)data.Count * steps);
        return Run(data.Count, gradient, cancel, (microBatch, number) =>
        {
            microBatch.Forward(data, number * MicroBatch.Samples, start, steps, states + (number * microBatch.StateSize), dropout);
            return (microBatch.LearnTokens(weight), 0);
        }).Loss;
    }

    /// <summary>The sum of the losses of all streams' tokens in a window.</summary>
    /// <inheritdoc cref="Train(TokenStreams, int, int, float*, float*, DropoutKey?, CancellationToken)"/>
    public double Judge(TokenStreams data, int start, int steps, float* states, CancellationToken cancel) =>
        Run(data.Count, null, cancel, (microBatch, number) =>
    {
        microBatch.Forward(data, number * MicroBatch.Samples, start, steps, states + (number * microBatch.StateSize));
        return (microBatch.JudgeTokens(), 0);
    }).Loss;

    public void Dispose() => Array.ForEach(microBatches, microBatch => microBatch.Dispose());

    private (double Loss, int Right) Run(
        int samples, float* gradient, CancellationToken cancel, Func<NetworkMicroBatch<float>, int, (double Loss, int Right)> work)
    {
        var loss = 0.0;
        var right = 0;
        var count = MicroBatch.Count(samples);
        for (var first = 0; first < count; first += microBatches.Length)
        {
            cancel.ThrowIfCancellationRequested();
            var wave = Math.Min(microBatches.Length, count - first);
            Parallel.For(0, wave, options, index => outcomes[index] = work(microBatches[index], first + index));
            for (var index = 0; index < wave; index++)
            {
                loss += outcomes[index].Loss;
                right += outcomes[index].Right;
                if (gradient != null)
                {
                    microBatches[index].Collect(gradient);
                }
            }
        }

        return (loss, right);
    }

    private static (double Loss, int Right) RunMicroBatch(
        NetworkMicroBatch<float> microBatch, Sequences<float> data, int[] samples, int number, bool train, DropoutKey? dropout,
        Distillation<float>? distillation)
    {
        var start = number * MicroBatch.Samples;
        var own = samples.AsSpan(start, Math.Min(MicroBatch.Samples, samples.Length - start));
        microBatch.Forward(data, own, dropout);
        var outcome = distillation is null ? microBatch.Judge(data, own) : microBatch.Judge(data, own, distillation);
        if (train)
        {
            microBatch.Backward(1.0 / samples.Length);
        }

        return outcome;
    }
}
