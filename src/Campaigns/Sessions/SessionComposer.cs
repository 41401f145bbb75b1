using System.Collections.Immutable;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Planning;
using Fleet.Campaigns.Specifications;

namespace Fleet.Campaigns.Sessions;

/// <summary>
/// Gathers the next session of a campaign for a device: variants of one seed that are ready, always with the reference, under all
/// conditions of one replicate.
/// </summary>
/// <remarks>
/// A session is worth more the more variants it holds, for only within it are ratios measured. On the machine that trains, measuring
/// and training exclude each other anyway, so a device there waits until every variant is settled. Another starts with the reference
/// and one more, or with less once it has waited <see cref="Patience"/>.
/// </remarks>
public static class SessionComposer
{
    public const int MaxVariants = CampaignPlanner.MaxVariantsOfSession;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="jobs">By variant key; a variant without an entry is not ready.</param>
    /// <param name="waited">How long the device has asked this campaign in vain.</param>
    public static SessionProposal Compose(
        string campaign,
        CampaignSpecification specification,
        IReadOnlyDictionary<string, JobView> jobs,
        Func<string, bool> isClosed,
        DeviceOffer device,
        TimeSpan waited)
    {
        var reason = "Every run of this device is done.";
        for (var replicate = 1; replicate <= specification.Replicates; replicate++)
        {
            foreach (var group in specification.Variants.GroupBy(variant => variant.Seed))
            {
                var candidates = group.Select(CandidateOf).ToArray();
                if (!candidates.Any(candidate => candidate.Open))
                {
                    continue;
                }

                if (Obstacle(specification, jobs, candidates, device, waited) is { } obstacle)
                {
                    reason = obstacle;
                    continue;
                }

                return new SessionProposal(Offer(campaign, specification, candidates, replicate), null);

                Candidate CandidateOf(VariantSpecification variant) =>
                    Candidate.Of(campaign, specification, variant, jobs.GetValueOrDefault(variant.Key), device.Description.Device, replicate, isClosed);
            }
        }

        return SessionProposal.None(reason);
    }

    /// <summary>Why no session can begin with these; null if one can.</summary>
    private static string? Obstacle(
        CampaignSpecification specification, IReadOnlyDictionary<string, JobView> jobs, Candidate[] candidates, DeviceOffer device, TimeSpan waited)
    {
        var reference = candidates.First(candidate => candidate.Variant.Name == specification.Reference);
        if (reference.Job is not { Ready: true })
        {
            return reference.Job is { Failed: true }
                ? $"The reference {reference.Variant.Name} could not be trained."
                : $"Waiting for the reference {reference.Variant.Name} to be trained.";
        }

        var ready = candidates.Count(candidate => candidate is { Open: true, Job.Ready: true });
        if (ready == 0)
        {
            return "Waiting for more variants to be trained.";
        }

        if (device.OnTrainingMachine)
        {
            var pending = specification.Variants.Count(IsPending);
            return pending > 0 ? $"Training comes first on this machine: {pending} of {specification.Variants.Length} variants to go." : null;
        }

        var pendingHere = candidates.Any(candidate => candidate.Open && IsPending(candidate.Variant));
        var othersReady = ready - (reference.Open ? 1 : 0);
        return pendingHere && othersReady == 0 && waited < Patience ? "Waiting for a variant to compare with the reference." : null;

        // What learns from a variant that could not be trained never will be: nobody waits for it.
        bool IsPending(VariantSpecification variant) =>
            jobs.GetValueOrDefault(variant.Key) is not { Settled: true } && LostDependency.Of(variant, specification.Variants, jobs) is null;
    }

    private static SessionOffer Offer(string campaign, CampaignSpecification specification, Candidate[] candidates, int replicate)
    {
        var reference = candidates.First(candidate => candidate.Variant.Name == specification.Reference);
        var others = candidates.Where(candidate => candidate != reference && candidate is { Open: true, Job.Ready: true }).Take(MaxVariants - 1).ToArray();
        var conditions = others.Append(reference).SelectMany(candidate => candidate.OpenRuns).Select(run => run.Condition).ToHashSet();
        return new SessionOffer
        {
            Campaign = campaign,
            Task = specification.Data.Task,
            TestSha256 = specification.Data.TestSha256,
            Replicate = replicate,
            Measuring = specification.Measuring,
            Reference = reference.Variant.Key,
            Variants =
            [
                Leased(reference, [.. reference.Runs.Where(run => conditions.Contains(run.Condition))]),
                .. others.Select(candidate => Leased(candidate, candidate.OpenRuns)),
            ],
        };
    }

    private static SessionVariant Leased(Candidate candidate, ImmutableArray<SessionRun> runs) => new()
    {
        Variant = candidate.Variant,
        Model = candidate.Job!.Model!,
        ReferenceOnly = !candidate.Open,
        Runs = runs,
    };

    /// <param name="Runs">All that are wanted of it.</param>
    /// <param name="OpenRuns">Those that are not closed.</param>
    private sealed record Candidate(VariantSpecification Variant, JobView? Job, ImmutableArray<SessionRun> Runs, ImmutableArray<SessionRun> OpenRuns)
    {
        public bool Open => OpenRuns.Length > 0;

        public static Candidate Of(
            string campaign, CampaignSpecification specification, VariantSpecification variant, JobView? job, string device, int replicate,
            Func<string, bool> isClosed)
        {
            ImmutableArray<SessionRun> runs =
            [
                .. specification.Conditions.Select(condition => new SessionRun(Identity.Run(campaign, variant.Key, device, condition, replicate), condition)),
            ];
            return new Candidate(variant, job, runs, [.. runs.Where(run => !isClosed(run.Run))]);
        }
    }
}
