using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Running;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Grains.Contracts;

namespace Fleet.Grains.Campaigns;

/// <inheritdoc cref="ICampaignRegistryGrain"/>
internal sealed class CampaignRegistryGrain(IFleetIndex index, TimeProvider time) : Grain, ICampaignRegistryGrain
{
    public async Task<Submitted> SubmitAsync(CampaignSpecification specification, bool alwaysNew)
    {
        // The newest: what was begun anew and then interrupted goes on, whatever was complete before it.
        var known = alwaysNew
            ? null
            : (await index.CampaignsAsync(CancellationToken.None))
                .Where(entry => entry.Digest == specification.Digest)
                .Where(entry => entry.Summary.State.IsUnfinished() || (specification.Suite is not null && IsComplete(entry.Summary)))
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

    /// <summary>A suite is run over many sittings: what one of them has completed, the next has nothing to do for. What failed is tried anew.</summary>
    private static bool IsComplete(CampaignSummary summary) => summary is { State: CampaignStatus.Completed, VariantsFailed: 0, RunsFailed: 0 };
}
