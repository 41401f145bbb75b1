using Fleet.Training.Arithmetic;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>
/// Runs a mini-batch shard by shard on a number of threads. The cut into shards and the order in which their gradients are
/// added do not depend on that number, so neither do the bits of the sum.
/// </summary>
internal sealed unsafe class ShardPool : IDisposable
{
    private readonly NetworkShard<float>[] shards;
    private readonly ParallelOptions options;
    private readonly (double Loss, int Right)[] outcomes;

    public ShardPool(Network<float> network, int steps, int largestBatch, int threads)
    {
        var useful = Math.Min(Math.Max(1, threads), Shard.Count(largestBatch));
        shards = [.. Enumerable.Range(0, useful).Select(_ => new NetworkShard<float>(network, steps))];
        options = new ParallelOptions { MaxDegreeOfParallelism = useful };
        outcomes = new (double, int)[useful];
    }

    /// <summary>What one shard's streams carry from window to window.</summary>
    public long StateSize => shards[0].StateSize;

    /// <summary>gradient += d(mean loss of the samples). Returns the sum of their losses and how many were right.</summary>
    /// <param name="distillation">The teacher's part of the loss; null where it is the cross-entropy alone.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two shards; the gradient is of no use then.</exception>
    public (double Loss, int Right) Train(
        Sequences<float> data, int[] samples, float* gradient, DropoutKey? dropout, CancellationToken cancel, Distillation<float>? distillation = null) =>
        Run(samples.Length, gradient, cancel, (shard, number) => RunShard(shard, data, samples, number, train: true, dropout, distillation));

    /// <summary>The sum of the samples' losses and how many were right.</summary>
    public (double Loss, int Right) Judge(Sequences<float> data, int[] samples, CancellationToken cancel) =>
        Run(samples.Length, null, cancel, (shard, number) => RunShard(shard, data, samples, number, train: false, dropout: null, distillation: null));

    /// <summary>gradient += d(mean cross-entropy of all streams' tokens in a window). Returns the sum of their losses.</summary>
    /// <param name="start">Position of the window's first step.</param>
    /// <param name="states">What each shard's streams carry, one after the other: from before the window to behind it.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two shards; neither the gradient nor the states are of use then.</exception>
    public double Train(TokenStreams data, int start, int steps, float* states, float* gradient, DropoutKey? dropout, CancellationToken cancel)
    {
        var weight = 1.0 / ((double)data.Count * steps);
        return Run(data.Count, gradient, cancel, (shard, number) =>
        {
            shard.Forward(data, number * Shard.Samples, start, steps, states + (number * shard.StateSize), dropout);
            return (shard.LearnTokens(weight), 0);
        }).Loss;
    }

    /// <summary>The sum of the losses of all streams' tokens in a window.</summary>
    /// <inheritdoc cref="Train(TokenStreams, int, int, float*, float*, DropoutKey?, CancellationToken)"/>
    public double Judge(TokenStreams data, int start, int steps, float* states, CancellationToken cancel) => Run(data.Count, null, cancel, (shard, number) =>
    {
        shard.Forward(data, number * Shard.Samples, start, steps, states + (number * shard.StateSize));
        return (shard.JudgeTokens(), 0);
    }).Loss;

    public void Dispose() => Array.ForEach(shards, shard => shard.Dispose());

    private (double Loss, int Right) Run(int samples, float* gradient, CancellationToken cancel, Func<NetworkShard<float>, int, (double Loss, int Right)> work)
    {
        var loss = 0.0;
        var right = 0;
        var count = Shard.Count(samples);
        for (var first = 0; first < count; first += shards.Length)
        {
            cancel.ThrowIfCancellationRequested();
            var wave = Math.Min(shards.Length, count - first);
            Parallel.For(0, wave, options, index => outcomes[index] = work(shards[index], first + index));
            for (var index = 0; index < wave; index++)
            {
                loss += outcomes[index].Loss;
                right += outcomes[index].Right;
                if (gradient != null)
                {
                    shards[index].Collect(gradient);
                }
            }
        }

        return (loss, right);
    }

    private static (double Loss, int Right) RunShard(
        NetworkShard<float> shard, Sequences<float> data, int[] samples, int number, bool train, DropoutKey? dropout, Distillation<float>? distillation)
    {
        var start = number * Shard.Samples;
        var own = samples.AsSpan(start, Math.Min(Shard.Samples, samples.Length - start));
        shard.Forward(data, own, dropout);
        var outcome = distillation is null ? shard.Judge(data, own) : shard.Judge(data, own, distillation);
        if (train)
        {
            shard.Backward(1.0 / samples.Length);
        }

        return outcome;
    }
}
