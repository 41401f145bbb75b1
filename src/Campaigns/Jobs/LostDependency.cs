using Fleet.Campaigns.Specifications;

namespace Fleet.Campaigns.Jobs;

/// <summary>Finds the failed training because of which a variant that learns from it can never be trained.</summary>
public static class LostDependency
{
    /// <summary>
    /// The job that failed: of the variant that this one learns from, or of one further back. Null where there is none, or where the variant
    /// itself is settled.
    /// </summary>
    public static JobView? Of(VariantSpecification variant, IEnumerable<VariantSpecification> group, IReadOnlyDictionary<string, JobView> jobs)
    {
        if (variant.Dense is not { } start || jobs.GetValueOrDefault(variant.Key) is { Settled: true })
        {
            return null;
        }

        return jobs.GetValueOrDefault(start) is { Failed: true } lost ? lost
            : group.FirstOrDefault(other => other.Key == start) is { } before ? Of(before, group, jobs)
            : null;
    }
}
