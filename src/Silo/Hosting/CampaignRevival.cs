using System.Collections.Immutable;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Running;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Jobs;
using Fleet.Grains.Contracts;
using Fleet.Silo.Storage;

namespace Fleet.Silo.Hosting;

/// <summary>
/// Wakes every campaign that has not ended when the silo starts: nothing else would, for grains sleep until called. Also those that
/// the index calls paused: the grain's word counts, and a silo that died may have written only that. Then every job that is not
/// settled hears which campaigns run: of the others it may not have heard that they were paused or cancelled.
/// </summary>
internal sealed partial class CampaignRevival(IGrainFactory grains, IFleetIndex index, ILogger<CampaignRevival> logger) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in await index.CampaignsAsync(cancellationToken))
        {
            if (entry.Summary.State.IsUnfinished())
            {
                var campaign = entry.Summary.Campaign;
                await TryAsync("campaign", campaign, () => grains.GetGrain<ICampaignGrain>(campaign).NoticeAsync(new CampaignNotice()));
            }
        }

        // The index is right now: each of them has published its entry.
        ImmutableArray<string> running =
        [
            .. from entry in await index.CampaignsAsync(cancellationToken)
               where entry.Summary.State == CampaignStatus.Running
               select entry.Summary.Campaign,
        ];
        foreach (var entry in await index.JobsAsync(cancellationToken))
        {
            if (entry.Summary.State is not (JobStatus.Ready or JobStatus.Failed))
            {
                var variant = entry.Summary.Variant;
                await TryAsync("job", variant, () => grains.GetGrain<ICompressionJobGrain>(variant).RevisitAsync(running));
            }
        }
    }

    // One whose state is damaged must not keep the others asleep, nor the silo from starting.
    private async Task TryAsync(string what, string id, Func<Task> wake)
    {
        try
        {
            await wake();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogAsleep(what, id, DamagedState.Explain(error) ?? error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The {What} {Id} cannot be resumed: {Why}")]
    private partial void LogAsleep(string what, string id, string why);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
