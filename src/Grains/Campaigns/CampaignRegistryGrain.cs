using Fleet.Campaigns;
using Fleet.Domain.Campaigns;
using Fleet.Grains.Ports;

namespace Fleet.Grains.Campaigns;

/// <summary>Takes campaigns in, one after the other, so that the same content sent twice at once is still one campaign.</summary>
[Alias("fleet.ICampaignRegistryGrain")]
public interface ICampaignRegistryGrain : IGrainWithIntegerKey
{
    [Alias("Submit")]
    Task<Submitted> SubmitAsync(CampaignSpecification specification, bool alwaysNew);
}

/// <param name="Resumed">An unfinished campaign of the same content was taken up again, or, of a suite's, a completed one was there.</param>
/// <param name="Complete">It was there and has nothing left to do.</param>
[GenerateSerializer, Immutable, Alias("fleet.submitted")]
public sealed record Submitted([property: Id(0)] string Campaign, [property: Id(1)] bool Resumed, [property: Id(2)] bool Complete = false);

/// <inheritdoc cref="ICampaignRegistryGrain"/>
internal sealed class CampaignRegistryGrain(IFleetIndex index, TimeProvider time) : Grain, ICampaignRegistryGrain
{
    public async Task<Submitted> SubmitAsync(CampaignSpecification specification, bool alwaysNew)
    {
        // The newest: what was begun anew and then interrupted goes on, whatever was complete before it.
        var known = alwaysNew
            ? null
            : (await index.CampaignsAsync(CancellationToken.None))
                .Where(entry => entry.Digest == specification.Digest && (IsUnfinished(entry.Summary) || (specification.Suite is not null && IsComplete(entry.Summary))))
                .MaxBy(entry => entry.Summary.CreatedAt)?.Summary;
        if (known is not null && IsComplete(known))
        {
            return new Submitted(known.Campaign, Resumed: true, Complete: true);
        }

        if (known is not null && await GrainFactory.GetGrain<ICampaignGrain>(known.Campaign).CommandAsync(CampaignCommand.Resume))
        {
            return new Submitted(known.Campaign, Resumed: true);
        }

        var campaign = Identity.Campaign(specification.Name, specification.Digest, time.GetUtcNow());
        await GrainFactory.GetGrain<ICampaignGrain>(campaign).StartAsync(specification);
        return new Submitted(campaign, Resumed: false);
    }

    private static bool IsUnfinished(CampaignSummary summary) => summary.State is CampaignStates.Running or CampaignStates.Paused;

    /// <summary>A suite is run over many sittings: what one of them has completed, the next has nothing to do for. What failed is tried anew.</summary>
    private static bool IsComplete(CampaignSummary summary) => summary is { State: CampaignStates.Completed, VariantsFailed: 0, RunsFailed: 0 };
}
