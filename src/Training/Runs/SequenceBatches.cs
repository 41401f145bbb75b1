using Fleet.Tasks.Numerics;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>Mini-batches of whole sequences, in another order every epoch.</summary>
internal sealed unsafe class SequenceBatches : TrainingBatches
{
    private readonly SequencePlan plan;
    private readonly ShardPool pool;
    private readonly int[] order;

    public SequenceBatches(SequencePlan plan, Network<float> network, int threads)
    {
        this.plan = plan;
        order = new int[plan.Split.Training.Length];
        var largest = Math.Max(plan.Settings.BatchSize, plan.Split.Validation.Length);
        pool = new ShardPool(network, plan.Data.Steps, largest, threads);
    }

    public override void Begin(int epoch)
    {
        plan.Split.Training.CopyTo(order, 0);
        new Xoshiro256(plan.Seed, Streams.FirstEpoch + epoch).Shuffle<int>(order);
    }

    public override double Train(int batch, float* gradient, DropoutKey? dropout, CancellationToken cancel)
    {
        var start = batch * plan.Settings.BatchSize;
        var samples = order[start..Math.Min(order.Length, start + plan.Settings.BatchSize)];
        return pool.Train(plan.Data, samples, gradient, dropout, cancel).Loss;
    }

    public override double Validate(CancellationToken cancel) =>
        (double)pool.Judge(plan.Data, plan.Split.Validation, cancel).Right / plan.Split.Validation.Length;

    public override void Dispose() => pool.Dispose();
}
