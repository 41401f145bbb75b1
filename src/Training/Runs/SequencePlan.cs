using Fleet.Domain.Recipes;
using Fleet.Kernels.Models;
using Fleet.Kernels.Runtime;
using Fleet.Kernels.Structures;
using Fleet.Tasks.Data;
using Fleet.Tasks.Metrics;
using Fleet.Training.Arithmetic;
using Fleet.Training.Data;
using Fleet.Training.Networks;

namespace Fleet.Training.Runs;

/// <summary>A plan to tell the class of whole sequences.</summary>
internal sealed record SequencePlan(
    ModelStructure Asked, ModelStructure Structure, TrainingSettings Settings, long Seed, Sequences<float> Data, ValidationSplit Split, Normalisation Features)
    : TrainingPlan(Asked, Structure, Settings, Seed)
{
    /// <summary>Whom to learn from beside the labels; null where they alone teach.</summary>
    public Teaching? Teaching { get; init; }

    public override int StepsPerEpoch => (Split.Training.Length + Settings.BatchSize - 1) / Settings.BatchSize;

    public override long SamplesPerEpoch => Split.Training.Length;

    public override int SequenceSteps => Data.Steps;

    internal override Normalisation Normalisation => Features;

    public override string HeldBack => $"{Split.Validation.Length} of {Data.Labels.Length} samples are held back for validation: {Split.Rule}";

    public override ValidationMetric Metric => ValidationMetric.Accuracy(Split.Validation.Length);

    public override double Validate(SequenceModel model, CancellationToken cancel)
    {
        var held = new SequenceSet(
            Data.Steps, Data.Features,
            [.. Split.Validation.SelectMany(sample => new ArraySegment<float>(Data.Inputs, sample * Data.Steps * Data.Features, Data.Steps * Data.Features))],
            [.. Split.Validation.Select(sample => Data.Labels[sample])]);
        var runner = model.CreateRunner(Data.Steps);
        return Evaluation.Of(held, model.Structure.Outputs, (sequence, logits) => runner.Window(sequence, Data.Steps, logits), cancel).Accuracy.Value;
    }

    internal override void Look(Network<float> network, CancellationToken cancel)
    {
        using var microBatch = new NetworkMicroBatch<float>(network, Data.Steps);
        var windows = CalibrationMicroBatches(Data.Steps, Split.Training.Length) * MicroBatch.Samples;
        // Of fewer than a micro-batch takes, some are seen again.
        var chosen = Enumerable.Range(0, windows).Select(window => Split.Training[(int)((long)window * Split.Training.Length / windows)]);
        foreach (var samples in chosen.Chunk(MicroBatch.Samples))
        {
            cancel.ThrowIfCancellationRequested();
            microBatch.Forward(Data, samples);
        }
    }

    internal override TrainingBatches CreateBatches(Network<float> network, int threads) => new SequenceBatches(this, network, threads);
}

/// <summary>A trained model to learn from.</summary>
internal sealed record Teaching(ModelDocument Teacher, DistillationSettings Settings);
