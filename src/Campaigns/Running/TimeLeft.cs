using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Jobs;

namespace Fleet.Campaigns.Running;

/// <summary>How long a running campaign will still take.</summary>
public static class TimeLeft
{
    /// <summary>
    /// Training that is left, as many at a time as now but no less than the longest of them, and then the measuring of the device that has
    /// most left. Rough on purpose: devices may measure while others train, and a variant that trained alone took less than it will beside
    /// others. Null until a variant was trained and a session ended here, where either is left.
    /// </summary>
    /// <param name="openRuns">Of each device.</param>
    public static double? Of(
        CampaignSpecification specification, IReadOnlyDictionary<string, JobView> jobs, IReadOnlyCollection<int> openRuns, double? secondsPerRun)
    {
        var most = openRuns.Count == 0 ? 0 : openRuns.Max();
        return Training(specification, jobs) + (most == 0 ? 0 : most * secondsPerRun);
    }

    private static double? Training(CampaignSpecification specification, IReadOnlyDictionary<string, JobView> jobs)
    {
        // What is imported, or only quantised, tells nothing of how long training takes.
        var trained = specification.Variants.Where(variant => variant.Recipe.Import is null && !variant.Recipe.QuantisesTrained)
            .Select(variant => jobs.GetValueOrDefault(variant.Key)).ToArray();
        var took = trained.Where(job => job is { Ready: true }).Select(job => job!.Model!.TrainingSeconds).ToArray();
        double? typical = took.Length > 0 ? took.Average() : null;
        var pending = trained.Where(job => job is not { Settled: true });
        var left = pending.Select(job => job?.Summary.SecondsLeft ?? typical).ToArray();
        if (left.Contains(null))
        {
            return null;
        }

        // Those that wait lent the machine to a measurement, and go on together.
        var atOnce = Math.Max(1, trained.Count(job => job?.Summary.State is JobStatus.Training or JobStatus.Waiting));
        return Math.Max((left.Sum() ?? 0) / atOnce, left.Max() ?? 0);
    }
}
