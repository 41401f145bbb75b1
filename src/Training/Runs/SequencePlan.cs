using Fleet.Kernels.Models;
using Fleet.Kernels.Structures;
using Fleet.Protocol.Training;
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

    public override Normalisation Normalisation => Features;

    public override string HeldBack => $"{Split.Validation.Length} of {Data.Labels.Length} samples are held back for validation: {Split.Rule}";

    public override ValidationMetric Metric => ValidationMetric.Accuracy(Split.Validation.Length);

    public override TrainingBatches CreateBatches(Network<float> network, int threads) => new SequenceBatches(this, network, threads);
}

/// <summary>A trained model to learn from.</summary>
internal sealed record Teaching(ModelDocument Teacher, DistillationSettings Settings);
