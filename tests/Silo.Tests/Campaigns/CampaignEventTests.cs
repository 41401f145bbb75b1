using System.Net.ServerSentEvents;
using System.Text.Json;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Text;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Tests.Running;

namespace Fleet.Silo.Tests.Campaigns;

public sealed class CampaignEventTests
{
    [Fact]
    public async Task Events_begin_with_how_it_stands_and_end_with_the_campaign()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await RunningSilo.StartAsync(folder.Path);
        var created = await silo.SubmitAsync(await silo.SubmissionAsync(CampaignTests.File, "events"));
        var reading = ReadAsync(silo, created.Campaign, null);
        await using var agent = await FakeAgent.ConnectAsync(silo);
        await agent.FinishAsync(await agent.LeaseAsync());

        var events = await reading.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(("state", "The campaign is running."), (events[0].Kind.Word(), events[0].Message));
        Assert.Equal(CampaignStatus.Completed, events[^1].Detail.Summary.State);
        Assert.Equal("The campaign is complete.", events.Last(happened => happened.Kind == CampaignEventKind.State).Message);
        Assert.Equal(events.Select(happened => happened.Sequence).Order(), events.Select(happened => happened.Sequence));

        // The store may tell the campaign of its last run before the device does.
        await Wait.UntilAsync(
            async () => (await ReadAsync(silo, created.Campaign, events[0].Sequence)).Count(happened => happened.Kind == CampaignEventKind.Run),
            runs => runs == 4,
            runs => $"{runs} of 4 runs were reported.");

        // One who has seen the first half gets the other, and by then perhaps the end of the session, which may come after the campaign's.
        var seen = events[events.Count / 2].Sequence;
        var missed = Numbers(events).Where(number => number > seen).ToArray();
        var rest = await ReadAsync(silo, created.Campaign, seen);
        Assert.Equal(missed, Numbers(rest.Skip(1)).Take(missed.Length));
    }

    // Progress between two events has the number of the first of them.
    private static IEnumerable<long> Numbers(IEnumerable<CampaignEvent> events) =>
        events.Where(happened => happened.Message.Length > 0).Select(happened => happened.Sequence);

    private static async Task<List<CampaignEvent>> ReadAsync(RunningSilo silo, string campaign, long? after)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, ApiRoutes.Of(ApiRoutes.CampaignEvents, campaign));
        if (after is { } last)
        {
            request.Headers.Add("Last-Event-ID", $"{last}");
        }

        using var response = await silo.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = new List<CampaignEvent>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            var happened = JsonSerializer.Deserialize(item.Data, ProtocolJson.Default.CampaignEvent)!;
            Assert.Equal((happened.Kind.Word(), $"{happened.Sequence}"), (item.EventType, item.EventId));
            events.Add(happened);
        }

        return events;
    }
}
