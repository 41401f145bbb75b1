using Fleet.Domain.Jobs;
using Fleet.Domain.Tasks;
using Fleet.Domain.Text;
using Fleet.Reports.Quantities;
using Fleet.Reports.Terminal;

namespace Fleet.Cli.Views;

/// <summary>Variants and how far their training is.</summary>
internal static class JobTable
{
    /// <param name="withKeys">Also says by what key each variant is known.</param>
    public static TextTable Of(IReadOnlyList<JobSummary> jobs, bool withKeys = false)
    {
        var table = new TextTable(
        [
            new("variant", Column.Always),
            new("seed", withKeys || jobs.Any(job => job.Seed != jobs[0].Seed) ? Column.Always : Column.Never, Right: true),
            new("key", withKeys ? 90 : Column.Never),
            new("task", withKeys ? 40 : Column.Never),
            new("state", Column.Always),
            new("epoch", 80, Right: true),
            new("loss", 50, Right: true),
            new("validation", 60, Right: true),
            new("parameters", 30, Right: true),
            new("compr.", 20, Right: true),
            new("left", 70, Right: true),
            new("reason", jobs.Any(job => job.Reason is not null) ? Column.Always : Column.Never, Wraps: true),
        ]);
        foreach (var job in jobs)
        {
            table.Add(
                job.Name,
                job.Seed is { } seed ? Quantity.Plain(seed) : Quantity.None,
                Quantity.Short(job.Variant),
                job.Task,
                new Cell(
                    job.State.Word(),
                    job.State switch { JobStatus.Ready => Tone.Good, JobStatus.Failed => Tone.Bad, JobStatus.Training => Tone.Active, _ => Tone.Plain }),
                job is { Epoch: { } epoch, Epochs: { } epochs } ? $"{epoch}/{epochs}" : Quantity.None,
                Quantity.Loss(job.Loss),
                Quantity.Metric(KnownTasks.MetricOf(job.Task), job.Validation),
                Quantity.Count(job.Parameters),
                Quantity.Factor(job.Compression),
                job.State == JobStatus.Training ? Quantity.Duration(job.SecondsLeft) : "",
                job.Reason ?? "");
        }

        return table;
    }
}
