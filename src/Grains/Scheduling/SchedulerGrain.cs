using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Sessions;
using Fleet.Grains.Contracts;
using Orleans.Concurrency;

namespace Fleet.Grains.Scheduling;

/// <inheritdoc cref="ISchedulerGrain"/>
// Reentrant: it keeps nothing, and one campaign that is slow to answer must not hold up the other boards of the class.
[Reentrant]
internal sealed class SchedulerGrain(IFleetIndex index) : Grain, ISchedulerGrain
{
    public async Task<SessionProposal> PickAsync(DeviceOffer offer)
    {
        var reason = "No campaign is running.";
        foreach (var campaign in CampaignOrder.For(offer.Description, await index.CampaignsAsync(CancellationToken.None)))
        {
            var proposal = await GrainFactory.GetGrain<ICampaignGrain>(campaign).ProposeAsync(offer);
            if (proposal.Session is not null)
            {
                return proposal;
            }

            reason = proposal.Reason ?? reason;
        }

        return SessionProposal.None(reason);
    }
}
