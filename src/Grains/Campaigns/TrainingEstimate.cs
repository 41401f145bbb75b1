using Fleet.Grains.Compression;
using Fleet.Grains.Ports;

namespace Fleet.Grains.Campaigns;

/// <summary>How long training will take, from what like it took here.</summary>
internal static class TrainingEstimate
{
    /// <summary>Seconds for all variants that are not ready, so many at a time; null where nothing of the task and size was trained here yet.</summary>
    public static double? Of(CampaignSpecification specification, IReadOnlyCollection<JobEntry> jobs, int atOnce)
    {
        var ready = jobs.Where(job => job.Summary.State == JobStates.Ready).Select(job => job.Summary.Variant).ToHashSet();
        // What is imported is not trained; what is only quantised takes seconds, and tells nothing of how long training takes.
        var missing = specification.Variants
            .Where(variant => !ready.Contains(variant.Key) && variant.Recipe.Import is null && !variant.Recipe.QuantisesTrained)
            .ToArray();
        if (missing.Length == 0)
        {
            return 0;
        }

        var (total, longest) = (0.0, 0.0);
        foreach (var variant in missing)
        {
            var alike = jobs.Where(job => job.Model is not null
                && job.Recipe.Import is null
                && job.Summary.Task == specification.Data.Task
                && job.Recipe.Cell == variant.Recipe.Cell
                && job.Recipe.Hidden == variant.Recipe.Hidden
                && job.Recipe.Layers == variant.Recipe.Layers
                && job.Recipe.Bidirectional == variant.Recipe.Bidirectional
                && job.Recipe.Quantisation == variant.Recipe.Quantisation
                && !job.Recipe.QuantisesTrained).ToArray();
            // The method matters (pruning trains dense), so its own times are better where there are any.
            var same = alike.Where(job => job.Recipe.Method == variant.Recipe.Method).ToArray();
            var known = same.Length > 0 ? same : alike;
            if (known.Length == 0)
            {
                return null;
            }

            var seconds = known.Average(job => job.Model!.TrainingSeconds / job.Recipe.Training.Epochs) * variant.Recipe.Training.Epochs;
            (total, longest) = (total + seconds, Math.Max(longest, seconds));
        }

        return Math.Max(total / atOnce, longest);
    }
}
