using System.Collections.Immutable;
using Fleet.Grains.Campaigns;
using Fleet.Grains.Compression;
using Fleet.Grains.Ports;

namespace Fleet.Silo.Hosting;

/// <summary>
/// Wakes every campaign that has not ended when the silo starts: nothing else would, for grains sleep until called. Also those that
/// the index calls paused: the grain's word counts, and a silo that died may have written only that. Then every job that is not
/// settled hears which campaigns run: of the others it may not have heard that they were paused or cancelled.
/// </summary>
internal sealed class CampaignRevival(IGrainFactory grains, IFleetIndex index) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in await index.CampaignsAsync(cancellationToken))
        {
            if (entry.Summary.State is CampaignStates.Running or CampaignStates.Paused)
            {
                await grains.GetGrain<ICampaignGrain>(entry.Summary.Campaign).NoticeAsync(new CampaignNotice());
            }
        }

        // The index is right now: each of them has entered itself.
        ImmutableArray<string> running =
        [
            .. from entry in await index.CampaignsAsync(cancellationToken)
               where entry.Summary.State == CampaignStates.Running
               select entry.Summary.Campaign,
        ];
        foreach (var entry in await index.JobsAsync(cancellationToken))
        {
            if (entry.Summary.State is not (JobStates.Ready or JobStates.Failed))
            {
                await grains.GetGrain<ICompressionJobGrain>(entry.Summary.Variant).RevisitAsync(running);
            }
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
