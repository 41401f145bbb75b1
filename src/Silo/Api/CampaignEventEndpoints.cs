using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Fleet.Campaigns.Running;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Text;
using Fleet.Grains.Contracts;
using Fleet.Protocol.Api;
using Fleet.Silo.Api.Problems;

namespace Fleet.Silo.Api;

/// <summary><c>/api/campaigns/{id}/events</c></summary>
internal static class CampaignEventEndpoints
{
    // The grain answers from memory, so looking often is cheap, works across silos, and no reader can hold a grain up.
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(1);

    public static void MapCampaignEvents(this WebApplication app) => app
        .MapGet(ApiRoutes.CampaignEvents, EventsAsync)
        .WithSummary("What happens to a campaign, as server-sent events, until it ends or is paused.")
        .Produces<CampaignEvent>(StatusCodes.Status200OK, "text/event-stream")
        .Produces<Problem>(StatusCodes.Status404NotFound);

    private static async Task<IResult> EventsAsync(string id, HttpContext context, IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        var campaign = grains.GetGrain<ICampaignGrain>(id);
        if (await campaign.WatchAsync(long.MaxValue) is not { } now)
        {
            return ApiProblems.NoCampaign(id);
        }

        var after = long.TryParse(context.Request.Headers["Last-Event-ID"], out var last) ? last : (long?)null;
        return TypedResults.ServerSentEvents(StreamAsync(campaign, now, after, lifetime.ApplicationStopping, time, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<CampaignEvent>> StreamAsync(
        ICampaignGrain campaign,
        CampaignView now,
        long? lastSeen,
        CancellationToken stopping,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, stopping);
        // Those who come back get what they missed; those who are new begin with how it stands.
        var after = lastSeen ?? now.LastSequence;
        yield return Item(
            new CampaignOccurrence(after, time.GetUtcNow(), CampaignEventKind.State, $"The campaign is {now.Detail.Summary.State.Word()}."), now.Detail);
        var saidAt = time.GetTimestamp();
        var told = now.Detail;
        while (true)
        {
            if (await WatchAsync(campaign, after, either.Token) is not { } view)
            {
                yield break;
            }

            foreach (var occurrence in view.Events)
            {
                after = occurrence.Sequence;
                yield return Item(occurrence, view.Detail);
            }

            if (view.Events.IsEmpty && time.GetElapsedTime(saidAt) >= QuietPeriod && Differs(told, view.Detail))
            {
                // Progress within a session is no event of its own, but who watches wants to see it move.
                yield return Item(new CampaignOccurrence(after, time.GetUtcNow(), CampaignEventKind.Note, ""), view.Detail);
            }
            else if (view.Events.IsEmpty)
            {
                if (!view.Running)
                {
                    yield break;
                }

                if (!await DelayAsync(time, either.Token))
                {
                    yield break;
                }

                continue;
            }

            told = view.Detail;
            saidAt = time.GetTimestamp();
        }
    }

    private static async Task<CampaignView?> WatchAsync(ICampaignGrain campaign, long after, CancellationToken cancel) =>
        cancel.IsCancellationRequested ? null : await campaign.WatchAsync(after);

    private static async Task<bool> DelayAsync(TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(LookPeriod, time, cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static bool Differs(CampaignDetail before, CampaignDetail now) =>
        !before.Devices.SequenceEqual(now.Devices) || !before.Jobs.SequenceEqual(now.Jobs) || before.Summary != now.Summary;

    private static SseItem<CampaignEvent> Item(CampaignOccurrence occurrence, CampaignDetail detail) => new(
        new CampaignEvent
        {
            Sequence = occurrence.Sequence,
            At = occurrence.At,
            Kind = occurrence.Kind,
            Message = occurrence.Message,
            Detail = detail,
        },
        occurrence.Kind.Word())
    {
        EventId = occurrence.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
