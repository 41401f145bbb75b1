using Fleet.Cli.Campaigns;
using Fleet.Cli.Failures;
using Fleet.Cli.Http;
using Fleet.Cli.Tests.Support;
using Fleet.Domain.Campaigns;
using Fleet.Os.Processes;
using Fleet.Protocol.Api;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Cli.Tests.Campaigns;

public sealed class CampaignFollowerTests
{
    [Fact]
    public async Task A_broken_connection_is_made_again_and_no_event_is_told_twice()
    {
        await using var silo = await FakeSilo.StartAsync();
        silo.Connections.Add([Samples.Event(1, Samples.Summary()), Samples.Event(2, Samples.Summary()), null]);
        silo.Connections.Add([null]);
        silo.Connections.Add(
            [Samples.Event(2, Samples.Summary()), Samples.Event(3, Samples.Summary()), Samples.Event(4, Samples.Summary(CampaignStatus.Completed))]);
        using var client = new SiloClient(new Uri(silo.Http), null);
        var seen = new List<long>();
        var end = await new CampaignFollower(client, TimeProvider.System).FollowAsync(Samples.Campaign, See, CancellationToken.None);
        Assert.Equal([1, 2, 3, 4], seen);
        Assert.Equal(CampaignStatus.Completed, end.Summary.State);
        Assert.Equal(["", "2", "2"], silo.LastEventIds);

        void See(CampaignEvent one)
        {
            seen.Add(one.Sequence);
            if (one.Sequence == 2)
            {
                silo.Break.SetResult();
            }
        }
    }

    [Fact]
    public async Task Progress_between_events_is_passed_on_though_it_has_no_number_of_its_own()
    {
        await using var silo = await FakeSilo.StartAsync();
        silo.Connections.Add(
            [Samples.Event(7, Samples.Summary()), Samples.Event(7, Samples.Summary(), CampaignEventKind.Note, ""), Samples.Event(7, Samples.Summary()),
                Samples.Event(8, Samples.Summary(CampaignStatus.Completed))]);
        using var client = new SiloClient(new Uri(silo.Http), null);
        var seen = new List<string>();
        await new CampaignFollower(client, TimeProvider.System).FollowAsync(Samples.Campaign, one => seen.Add(one.Message), CancellationToken.None);
        Assert.Equal(["event 7", "", "event 8"], seen);
    }

    [Fact]
    public async Task A_campaign_that_has_ended_before_is_told_at_once()
    {
        await using var silo = await FakeSilo.StartAsync();
        silo.Connections.Add([Samples.Event(40, Samples.Summary(CampaignStatus.Cancelled))]);
        using var client = new SiloClient(new Uri(silo.Http), null);
        var end = await new CampaignFollower(client, TimeProvider.System).FollowAsync(Samples.Campaign, _ => { }, CancellationToken.None);
        Assert.Equal(CampaignStatus.Cancelled, end.Summary.State);
    }

    [Fact]
    public async Task A_silo_that_stays_away_is_given_up_after_a_while()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(100) };
        using var client = new SiloClient(new Uri("http://127.0.0.1:1"), null);
        var started = time.GetTimestamp();
        var following = new CampaignFollower(client, time).FollowAsync(Samples.Campaign, _ => { }, CancellationToken.None);
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(500));
                return following.IsCompleted;
            },
            "the follower gives up");
        var error = await Assert.ThrowsAsync<SiloUnreachableException>(() => following);
        Assert.Contains("http://127.0.0.1:1", error.Message, StringComparison.Ordinal);
        Assert.True(time.GetElapsedTime(started) >= CampaignFollower.GiveUpAfter);
    }

    [Fact]
    public async Task A_campaign_that_the_silo_does_not_know_is_no_reason_to_wait()
    {
        await using var silo = await FakeSilo.StartAsync();
        using var client = new SiloClient(new Uri(silo.Http), null);
        var error = await Assert.ThrowsAsync<CommandFailedException>(() => client.CampaignAsync("none", CancellationToken.None));
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
        Assert.Equal("There is no campaign none.", error.Message);
    }
}
