using Fleet.Tasks.Numerics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Compression;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>Mini-batches of whole sequences, in another order every epoch.</summary>
internal sealed unsafe class SequenceBatches : TrainingBatches
{
    private readonly SequencePlan plan;
    private readonly MicroBatchPool pool;
    private readonly Distillation<float>? distillation;
    private readonly int[] order;

    public SequenceBatches(SequencePlan plan, Network<float> network, int threads)
    {
        this.plan = plan;
        order = new int[plan.Split.Training.Length];
        var largest = Math.Max(plan.Settings.BatchSize, plan.Split.Validation.Length);
        pool = new MicroBatchPool(network, plan.Data.Steps, largest, threads);
        distillation = plan.Teaching is { } teaching ? Ask(teaching, plan, network.Arithmetic) : null;
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
        return pool.Train(plan.Data, samples, gradient, dropout, cancel, distillation).Loss;
    }

    public override double Validate(CancellationToken cancel) =>
        (double)pool.Judge(plan.Data, plan.Split.Validation, cancel).Right / plan.Split.Validation.Length;

    public override void Dispose() => pool.Dispose();

    // The teacher does not change, so its answers are asked for once.
    private static Distillation<float> Ask(Teaching teaching, SequencePlan plan, BatchArithmetic<float> arithmetic)
    {
        using var teacher = new Network<float>(teaching.Teacher.Structure, arithmetic);
        teacher.Begin(ModelCompression.Compress(teaching.Teacher, teaching.Teacher.Structure));
        return Distillation<float>.Of(teacher, plan.Data, plan.Split.Training, teaching.Settings.Weight, teaching.Settings.Temperature);
    }
}
