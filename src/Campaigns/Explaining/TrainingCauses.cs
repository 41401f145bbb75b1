using System.Globalization;
using Fleet.Campaigns.Text;
using Fleet.Domain.Explanations;
using Fleet.Domain.Jobs;

namespace Fleet.Campaigns.Explaining;

/// <summary>What training has to do with it.</summary>
public static class TrainingCauses
{
    /// <summary>Null where the variant is ready.</summary>
    /// <param name="queue">Every job of the fleet that is not settled, in the order in which they were asked for.</param>
    public static Cause? Of(JobSummary job, IReadOnlyList<JobSummary> queue) => job.State switch
    {
        JobStatus.Ready => null,
        JobStatus.Failed => new Cause
        {
            Kind = CauseKind.TrainingFailed,
            Text = $"{job.Name} could not be trained: {job.Reason}",
            WayOut = "When the reason is gone, run the campaign's file again: failed variants are then tried again.",
        },
        JobStatus.Training => new Cause
        {
            Kind = CauseKind.Training,
            Text = $"{job.Name} is being trained: {Progress(job)}.{(job.Reason is { } setback ? $" {setback}" : "")}",
        },
        JobStatus.Waiting when job.Reason is { Length: > 0 } reason => new Cause
        {
            Kind = CauseKind.TrainingWaits,
            Text = $"The training of {job.Name} waits: {reason}",
            WayOut = "It resumes by itself within a minute once there is space.",
        },
        JobStatus.Waiting => new Cause
        {
            Kind = CauseKind.TrainingWaits,
            Text = $"The training of {job.Name} waits for the machine, on which something is being measured ({Progress(job)}).",
        },
        JobStatus.Cancelled => new Cause
        {
            Kind = CauseKind.TrainingWaits,
            Text = $"The training of {job.Name} has stopped; it resumes from its last checkpoint when its campaign does.",
        },
        JobStatus.Queued when job.Reason is { Length: > 0 } reason =>
            new Cause { Kind = CauseKind.TrainingQueued, Text = $"{job.Name} is not trained yet. {reason}" },
        _ => Queued(job, queue),
    };

    private static Cause Queued(JobSummary job, IReadOnlyList<JobSummary> queue)
    {
        var ahead = queue.TakeWhile(one => one.Variant != job.Variant).Count(one => one.State is JobStatus.Queued);
        var busy = queue.Where(one => one.State is JobStatus.Training or JobStatus.Waiting).ToArray();
        var now = busy switch
        {
            [] => "",
            [var only] => $"; now {Where(only)}",
            [var first, ..] => $"; now {busy.Length} are trained, and {Where(first)}",
        };
        return new Cause
        {
            Kind = CauseKind.TrainingQueued,
            Text = string.Create(
                CultureInfo.InvariantCulture,
                $"{job.Name} is queued for training, {(ahead == 0 ? "as the next" : $"behind {ahead} other{(ahead == 1 ? "" : "s")}")}{now}."),
        };
    }

    private static string Where(JobSummary job) => string.Create(CultureInfo.InvariantCulture, $"{job.Name} is at epoch {job.Epoch ?? 0} of {job.Epochs}");

    private static string Progress(JobSummary job)
    {
        var left = job.SecondsLeft is { } seconds ? $", about {Wording.Span(TimeSpan.FromSeconds(seconds))} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"epoch {job.Epoch ?? 0} of {job.Epochs}{left}");
    }
}
