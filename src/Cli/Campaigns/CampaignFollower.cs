using Fleet.Cli.Failures;
using Fleet.Cli.Http;
using Fleet.Domain.Campaigns;
using Fleet.Os.Transfer;
using Fleet.Protocol.Api;

namespace Fleet.Cli.Campaigns;

/// <summary>Follows a campaign's events to its end, over as many connections as it takes.</summary>
internal sealed class CampaignFollower(SiloClient client, TimeProvider time)
{
    /// <summary>A silo that has not been heard of for so long is gone.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(4);

    /// <summary>The state in which nothing more will come by itself.</summary>
    public static bool IsAtRest(CampaignStatus state) =>
        state is CampaignStatus.Completed or CampaignStatus.Failed or CampaignStatus.Cancelled or CampaignStatus.Paused;

    /// <param name="seen">Told of each event once, in order, and of progress between events as events without a message.</param>
    /// <returns>The campaign as it came to rest.</returns>
    /// <exception cref="SiloUnreachableException">The silo was not to be reached for <see cref="GiveUpAfter"/>.</exception>
    public async Task<CampaignDetail> FollowAsync(string campaign, Action<CampaignEvent> seen, CancellationToken cancel)
    {
        long? last = null;
        var heard = time.GetTimestamp();
        var backoff = new Backoff(FirstWait, MaxWait, Random.Shared);
        while (true)
        {
            try
            {
                await foreach (var one in client.EventsAsync(campaign, last, cancel).ConfigureAwait(false))
                {
                    heard = time.GetTimestamp();
                    backoff.Reset();
                    // A new connection begins with the present state, which may be known. An event without words only moves the picture.
                    if (last is null || one.Sequence > last || one.Message.Length == 0)
                    {
                        last = one.Sequence;
                        seen(one);
                    }

                    if (IsAtRest(one.Detail.Summary.State))
                    {
                        return one.Detail;
                    }
                }
            }
            catch (SiloUnreachableException) when (time.GetElapsedTime(heard) < GiveUpAfter)
            {
                // It may be restarting.
            }

            await Task.Delay(backoff.Next(), time, cancel).ConfigureAwait(false);
        }
    }
}
