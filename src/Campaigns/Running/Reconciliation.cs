using Fleet.Domain.Measuring;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Reasons;

namespace Fleet.Campaigns.Running;

/// <summary>One run that a campaign wants.</summary>
public sealed record WantedRun(string Run, VariantSpecification Variant, DeviceDescription Device, Condition Condition, int Replicate);

/// <summary>A run that cannot be done, and why.</summary>
public sealed record HopelessRun(WantedRun Wanted, Reason Reason);

/// <summary>What there is to do to close the difference between what a campaign wants and what there is.</summary>
/// <param name="Train">Variants that are not settled, the references first.</param>
/// <param name="Close">
/// Runs that can never be measured. Told only when nothing else is left to do: until then a pause and a resume try failed variants again.
/// </param>
/// <param name="Status">What the campaign comes to once that is done; null while it goes on.</param>
public sealed record Reconciliation(IReadOnlyList<VariantSpecification> Train, IReadOnlyList<HopelessRun> Close, CampaignStatus? Status, string? Reason)
{
    public static Reconciliation Of(
        CampaignState state,
        IEnumerable<WantedRun> wanted,
        IReadOnlyDictionary<string, JobView> jobs,
        IReadOnlyDictionary<string, Validity> closed)
    {
        var specification = state.Specification!;
        var train = specification.Variants
            .Where(variant => jobs.GetValueOrDefault(variant.Key) is not { Settled: true } && LostDependency.Of(variant, specification.Variants, jobs) is null)
            .OrderByDescending(variant => variant.Name == specification.Reference)
            .ToArray();
        var obstacles = Obstacles(specification, jobs);
        var open = wanted.Where(run => !closed.ContainsKey(run.Run)).ToArray();
        var allLost = obstacles.Count == specification.Variants.Length;
        if (train.Length > 0 || (state.Devices.IsEmpty && !allLost) || open.Any(run => End(run) is null))
        {
            return new Reconciliation(train, [], null, null);
        }

        // Without a device that measured anything there is no result that the campaign could be complete with.
        var reason = allLost ? Told(specification, obstacles)
            : state.Devices.All(device => state.Departed(device.Device) is not null) && closed.Values.All(validity => validity == Validity.Failed)
                ? $"Nothing was measured, for no device is left: {string.Join("; ", state.Devices.Select(Describe))}."
            : null;
        return new Reconciliation(
            train, [.. open.Select(run => new HopelessRun(run, End(run)!))], reason is null ? CampaignStatus.Completed : CampaignStatus.Failed, reason);

        // Why the run can come to no result; null where it still may.
        Reason? End(WantedRun run) => obstacles.GetValueOrDefault(run.Variant.Key) ?? state.Departed(run.Device.Device)?.Reason;

        string Describe(DeviceDescription device) => $"{device.Name} {state.Departed(device.Device)!.Describe(specification.Patience)}";
    }

    /// <summary>Every run that the campaign wants of a device.</summary>
    public static IEnumerable<WantedRun> Wanted(string campaign, CampaignSpecification specification, DeviceDescription device) =>
        from replicate in Enumerable.Range(1, specification.Replicates)
        from variant in specification.Variants
        from condition in specification.Conditions
        select new WantedRun(Identity.Run(campaign, variant.Key, device.Device, condition, replicate), variant, device, condition, replicate);

    /// <summary>Why a variant can never be measured, by its key.</summary>
    private static Dictionary<string, Reason> Obstacles(CampaignSpecification specification, IReadOnlyDictionary<string, JobView> jobs)
    {
        var obstacles = new Dictionary<string, Reason>();
        foreach (var group in specification.Variants.GroupBy(variant => variant.Seed))
        {
            var reference = group.First(variant => variant.Name == specification.Reference);
            var referenceFailed = jobs.GetValueOrDefault(reference.Key) is { Failed: true };
            foreach (var variant in group)
            {
                if (jobs.GetValueOrDefault(variant.Key) is { Failed: true } failed)
                {
                    obstacles[variant.Key] = new Reason(ReasonCodes.TrainingFailed, Detail: failed.Summary.Reason);
                }
                else if (LostDependency.Of(variant, group, jobs) is { } lost)
                {
                    obstacles[variant.Key] = NotTrained(ReasonCodes.DependencyFailed, lost);
                }
                else if (referenceFailed)
                {
                    obstacles[variant.Key] = NotTrained(ReasonCodes.ReferenceFailed, jobs[reference.Key]);
                }
            }
        }

        return obstacles;
    }

    private static string Told(CampaignSpecification specification, Dictionary<string, Reason> obstacles)
    {
        var first = specification.Variants.First();
        return $"{first.Name}: {ReasonText.Of(obstacles[first.Key])}";
    }

    private static Reason NotTrained(string code, JobView job) => new(code, Detail: $"{job.Summary.Name}: {job.Summary.Reason}");
}
