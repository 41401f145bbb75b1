using Fleet.Domain.Jobs;
using Fleet.Training.Runs;

namespace Fleet.Trainer.Jobs;

/// <summary>One try at a job's training: where it diverges, another at a smaller learning rate may follow.</summary>
/// <param name="plan">With the learning rate of this try.</param>
/// <param name="first">Before its first step.</param>
internal sealed class TrainingAttempt(TrainingPlan plan, TrainingLoop run, Checkpoint first)
{
    public TrainingPlan Plan => plan;

    public TrainingLoop Run => run;

    public EpochChoice Choice { get; } = new(plan.Metric, plan.Settings.Patience);

    /// <summary>Where the training was last written down, or would have been.</summary>
    public Checkpoint Last { get; set; } = first;

    /// <summary>Goes on from there.</summary>
    /// <exception cref="ArgumentException">It is of another training; nothing has changed.</exception>
    public void Resume(Checkpoint found)
    {
        run.Restore(found.Snapshot);
        Choice.Resume(found.Best);
        Last = found;
    }

    public TrainingEvent Progress(TrainingEventKind kind) => new() { Event = kind, Epoch = run.EpochsDone, Epochs = plan.Settings.Epochs };
}
