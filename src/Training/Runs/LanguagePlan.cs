using Fleet.Domain.Recipes;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Simd;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Metrics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>A plan to tell the next token of streams, a window at a time, the state carried from one window to the next.</summary>
/// <param name="Bptt">Steps of a window, which gradients do not leave.</param>
internal sealed unsafe record LanguagePlan(
    ModelStructure Asked, ModelStructure Structure, TrainingSettings Settings, long Seed, int Bptt, TokenStreams Training, TokenStreams Validation)
    : TrainingPlan(Asked, Structure, Settings, Seed)
{
    private const int MaxValidationStreams = 64;
    // So that few of a stream's tokens are told with little before them.
    private const int MinValidationTokens = 256;

    public override int StepsPerEpoch => (Training.Length + Bptt - 1) / Bptt;

    public override long SamplesPerEpoch => (long)Training.Count * Training.Length;

    public override int SequenceSteps => Bptt;

    internal override Normalisation? Normalisation => null;

    public override string HeldBack => $"{(long)Validation.Count * Validation.Length} tokens are held back for validation";

    public override ValidationMetric Metric => ValidationMetric.NatsPerToken;

    /// <summary>Streams that a validation text is cut into: as many as run side by side well, unless they would be short.</summary>
    public static int ValidationStreams(int tokens) => Math.Clamp(tokens / MinValidationTokens, 1, MaxValidationStreams);

    public override double Validate(SequenceModel model, CancellationToken cancel)
    {
        var runner = model.CreateRunner(Bptt);
        var words = model.Structure.Outputs;
        var answers = new float[Bptt * words];
        var loss = 0.0;
        for (var stream = 0; stream < Validation.Count; stream++)
        {
            runner.Reset();
            for (var start = 0; start < Validation.Length; start += Bptt)
            {
                cancel.ThrowIfCancellationRequested();
                var steps = Math.Min(Bptt, Validation.Length - start);
                var tokens = Validation.From(stream, start);
                runner.RunAll(tokens[..steps], answers.AsSpan(0, steps * words));
                for (var step = 0; step < steps; step++)
                {
                    var answer = answers.AsSpan(step * words, words);
                    Softmax.Apply(answer);
                    loss += MeanNats.OfProbability(answer[tokens[step + 1]]);
                }
            }
        }

        return loss / ((double)Validation.Count * Validation.Length);
    }

    /// <summary>The streams are those of training; windows begin with the state that the one before has left.</summary>
    internal override void Look(Network<float> network, CancellationToken cancel)
    {
        // Fewer streams than a micro-batch takes would leave some of it empty.
        var streams = new TokenStreams(Training.Tokens, network.Structure.Outputs, Math.Max(1, Math.Min(MicroBatch.Samples, Training.Tokens.Length / 2)));
        using var microBatch = new NetworkMicroBatch<float>(network, Bptt);
        using var state = new AlignedBuffer<float>(microBatch.StateSize);
        var windows = Math.Min(CalibrationMicroBatches(Bptt, int.MaxValue), (streams.Length + Bptt - 1) / Bptt);
        for (var window = 0; window < windows; window++)
        {
            cancel.ThrowIfCancellationRequested();
            microBatch.Forward(streams, 0, window * Bptt, Math.Min(Bptt, streams.Length - (window * Bptt)), state.Pointer);
            microBatch.JudgeTokens();
        }
    }

    internal override TrainingBatches CreateBatches(Network<float> network, int threads) => new TokenBatches(this, network, threads);
}
