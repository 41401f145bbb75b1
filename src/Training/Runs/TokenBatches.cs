using Fleet.Training.Arithmetic;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>
/// Windows of token streams, one after the other: each begins with the state that the one before has left. At the beginning of an
/// epoch, where the streams begin, the state is zero.
/// </summary>
internal sealed unsafe class TokenBatches : TrainingBatches
{
    private readonly LanguagePlan plan;
    private readonly MicroBatchPool pool;
    private readonly AlignedBuffer<float> carried;
    private readonly AlignedBuffer<float> validated;

    public TokenBatches(LanguagePlan plan, Network<float> network, int threads)
    {
        this.plan = plan;
        pool = new MicroBatchPool(network, plan.Bptt, Math.Max(plan.Training.Count, plan.Validation.Count), threads);
        carried = new AlignedBuffer<float>(MicroBatch.Count(plan.Training.Count) * pool.StateSize);
        validated = new AlignedBuffer<float>(MicroBatch.Count(plan.Validation.Count) * pool.StateSize);
    }

    public override Span<float> Carried => carried.Span;

    public override void Begin(int epoch) => carried.Clear();

    public override double Train(int batch, float* gradient, DropoutKey? dropout, CancellationToken cancel)
    {
        var start = batch * plan.Bptt;
        return pool.Train(plan.Training, start, Steps(plan.Training, start), carried.Pointer, gradient, dropout, cancel);
    }

    public override double Validate(CancellationToken cancel)
    {
        validated.Clear();
        var loss = 0.0;
        for (var start = 0; start < plan.Validation.Length; start += plan.Bptt)
        {
            loss += pool.Judge(plan.Validation, start, Steps(plan.Validation, start), validated.Pointer, cancel);
        }

        return loss / ((double)plan.Validation.Count * plan.Validation.Length);
    }

    public override void Dispose()
    {
        pool.Dispose();
        carried.Dispose();
        validated.Dispose();
    }

    private int Steps(TokenStreams streams, int start) => Math.Min(plan.Bptt, streams.Length - start);
}
