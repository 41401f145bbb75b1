using Fleet.Training.Arithmetic;
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
        var useful = Math.Min(threads, Shard.Count(largestBatch));
        shards = [.. Enumerable.Range(0, useful).Select(_ => new NetworkShard<float>(network, steps))];
        options = new ParallelOptions { MaxDegreeOfParallelism = useful };
        outcomes = new (double, int)[useful];
    }

    /// <summary>gradient += d(mean cross-entropy of the samples). Returns the sum of their losses and how many were right.</summary>
    public (double Loss, int Right) Train(Sequences<float> data, int[] samples, float* gradient, DropoutKey? dropout = null) =>
        Run(data, samples, gradient, dropout);

    /// <summary>The sum of the samples' losses and how many were right.</summary>
    public (double Loss, int Right) Judge(Sequences<float> data, int[] samples) => Run(data, samples, null, null);

    public void Dispose() => Array.ForEach(shards, shard => shard.Dispose());

    private (double Loss, int Right) Run(Sequences<float> data, int[] samples, float* gradient, DropoutKey? dropout)
    {
        var loss = 0.0;
        var right = 0;
        var count = Shard.Count(samples.Length);
        for (var first = 0; first < count; first += shards.Length)
        {
            var wave = Math.Min(shards.Length, count - first);
            Parallel.For(0, wave, options, index => outcomes[index] = RunShard(shards[index], data, samples, first + index, gradient != null, dropout));
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

    private static (double Loss, int Right) RunShard(NetworkShard<float> shard, Sequences<float> data, int[] samples, int number, bool train, DropoutKey? dropout)
    {
        var start = number * Shard.Samples;
        var own = samples.AsSpan(start, Math.Min(Shard.Samples, samples.Length - start));
        shard.Forward(data, own, dropout);
        var outcome = shard.Judge(data, own);
        if (train)
        {
            shard.Backward(1.0 / samples.Length);
        }

        return outcome;
    }
}
