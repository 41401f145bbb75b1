using Fleet.Kernels.Structures;
using Fleet.Protocol.Training;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>A plan to tell the next token of streams, a window at a time, the state carried from one window to the next.</summary>
/// <param name="Bptt">Steps of a window, which gradients do not leave.</param>
internal sealed record LanguagePlan(
    ModelStructure Asked, ModelStructure Structure, TrainingSettings Settings, long Seed, int Bptt, TokenStreams Training, TokenStreams Validation)
    : TrainingPlan(Asked, Structure, Settings, Seed)
{
    private const int MostValidationStreams = 64;
    // So that few of a stream's tokens are told with little before them.
    private const int LeastValidationTokens = 256;

    public override int StepsPerEpoch => (Training.Length + Bptt - 1) / Bptt;

    public override long SamplesPerEpoch => (long)Training.Count * Training.Length;

    public override int SequenceSteps => Bptt;

    public override Normalisation? Normalisation => null;

    public override string HeldBack => $"{(long)Validation.Count * Validation.Length} tokens are held back for validation";

    public override ValidationMetric Metric => ValidationMetric.NatsPerToken;

    /// <summary>Streams that a validation text is cut into: as many as run side by side well, unless they would be short.</summary>
    public static int ValidationStreams(int tokens) => Math.Clamp(tokens / LeastValidationTokens, 1, MostValidationStreams);

    public override TrainingBatches CreateBatches(Network<float> network, int threads) => new TokenBatches(this, network, threads);
}
