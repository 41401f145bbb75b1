using System.Net;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Running;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Measuring;
using Fleet.Domain.Text;
using Fleet.Grains.Contracts;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Protocol.V1;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Campaigns;

/// <summary>Devices that fall silent, are excluded or removed, and come back: as agents and people see it.</summary>
public sealed class DepartureTests : CampaignScene
{
    private readonly ShiftedTime time = new();

    private protected override void Configure(IServiceCollection services) => services.AddSingleton<TimeProvider>(time);

    [Fact]
    public async Task A_silent_device_holds_no_campaign_open_and_its_runs_end_with_that_reason()
    {
        var campaign = (await SubmitAsync("silent")).Campaign;
        await using var works = await FakeAgent.ConnectAsync(silo);
        var silent = await FakeAgent.ConnectAsync(silo);
        var held = await silent.LeaseAsync();
        await works.FinishAsync(await works.LeaseAsync());
        await silent.DisposeAsync();

        await PassAsync(campaign, TimeSpan.FromMinutes(14), works);
        var waiting = await silo.DetailAsync(campaign);
        Assert.Equal(CampaignStatus.Running, waiting.Summary.State);
        Assert.Null(waiting.Summary.SecondsLeft);
        var part = waiting.Devices.Single(device => device.Device == silent.Device);
        Assert.Equal((DeviceStatus.Silent, null), (part.State, part.Left));
        Assert.InRange(part.WaitedForUntil!.Value, time.GetUtcNow(), time.GetUtcNow().AddMinutes(1.5));
        Assert.Contains(waiting.Notes, note => note.Contains("the campaign waits for it until", StringComparison.Ordinal));
        Assert.Equal(DeviceStatus.Silent, (await silo.DevicesAsync()).Single(device => device.Device == silent.Device).State);

        await PassAsync(campaign, TimeSpan.FromMinutes(2), works);
        var ended = await EndedAsync(campaign, CampaignStatus.Completed);
        Assert.Equal((8, 8, 4), (ended.Summary.Runs, ended.Summary.RunsClosed, ended.Summary.RunsFailed));
        var failed = (await RowsAsync(campaign)).Where(row => row.Validity == Validity.Failed).ToArray();
        Assert.All(failed, row => Assert.Equal(silent.Device, row.Device));
        Assert.All(failed, row => Assert.Equal("device-silent", row.Reasons.Single().Code));
        var why = await silo.GetAsync(ApiRoutes.WhyOf(campaign), ProtocolJson.Default.Explanation);
        Assert.Contains(why.Causes, cause => cause.Text.Contains("the device fell silent at", StringComparison.Ordinal));
        Assert.Contains("has been silent since", await silo.Http.GetStringAsync(ApiRoutes.Of(ApiRoutes.CampaignReport, campaign)));

        // Back after the end: what it still measures is not wanted, and what it delivers came too late.
        await using var back = await FakeAgent.ConnectAsync(silo, silent.Device, session: held.Session, epoch: held.Epoch);
        Assert.Contains("ended without the device", (await back.BeatAsync(held)).LeaseRevoked.Reason);
        Assert.Equal(ReportOutcome.Superseded, (await back.ReportAsync(FakeAgent.Report(held, held.Variants[0], held.Variants[0].Runs[0]))).Outcome);
    }

    [Fact]
    public async Task A_device_that_comes_back_while_the_campaign_runs_goes_on_and_what_it_had_measured_counts()
    {
        var campaign = (await SubmitAsync("back")).Campaign;
        await using var slow = await FakeAgent.ConnectAsync(silo);
        var silent = await FakeAgent.ConnectAsync(silo);
        var (holding, held) = (await slow.LeaseAsync(), await silent.LeaseAsync());
        await silent.DisposeAsync();
        await PassAsync(campaign, TimeSpan.FromMinutes(16), slow, holding);
        Assert.Equal("device-silent", (await PartAsync(campaign, silent.Device)).Left);

        // A silo that starts anew does not wait anew.
        await silo.DisposeAsync();
        silo = await RunningSilo.StartAsync(folder.Path, Configure);
        await using var still = await FakeAgent.ConnectAsync(silo, slow.Device, session: holding.Session, epoch: holding.Epoch);
        await PassAsync(campaign, TimeSpan.FromSeconds(50), still, holding);
        Assert.Equal("device-silent", (await PartAsync(campaign, silent.Device)).Left);

        await using var back = await FakeAgent.ConnectAsync(silo, silent.Device, session: held.Session, epoch: held.Epoch);
        Assert.NotNull((await back.BeatAsync(held)).HeartbeatAnswer.LeaseUntil);
        Assert.All(await back.FinishAsync(held), answer => Assert.Equal(ReportOutcome.Stored, answer.Outcome));
        await silo.UntilAsync(campaign, detail => detail.Devices.All(device => device.Left is null));
        await still.FinishAsync(holding);
        Assert.Equal(0, (await EndedAsync(campaign, CampaignStatus.Completed)).Summary.RunsFailed);
    }

    [Fact]
    public async Task A_device_that_only_connects_takes_no_part_and_one_that_asks_late_does()
    {
        var campaign = (await SubmitAsync("late")).Campaign;
        await using var idle = await FakeAgent.ConnectAsync(silo);
        await using var first = await FakeAgent.ConnectAsync(silo);
        var lease = await first.LeaseAsync();
        await idle.BeatAsync();
        Assert.Equal([first.Device], (await silo.DetailAsync(campaign)).Devices.Select(device => device.Device));

        await using var late = await FakeAgent.ConnectAsync(silo);
        await late.FinishAsync(await late.LeaseAsync());
        await first.FinishAsync(lease);
        var ended = await EndedAsync(campaign, CampaignStatus.Completed);
        Assert.Equal((8, 0), (ended.Summary.RunsClosed, ended.Summary.RunsFailed));
        Assert.DoesNotContain(ended.Devices, device => device.Device == idle.Device);
    }

    [Fact]
    public async Task When_no_device_is_left_and_nothing_was_measured_the_campaign_fails_and_names_them()
    {
        var campaign = (await SubmitAsync("gone")).Campaign;
        await using (var only = await FakeAgent.ConnectAsync(silo))
        {
            await only.LeaseAsync();
        }

        await PassAsync(campaign, TimeSpan.FromMinutes(16));
        var ended = await EndedAsync(campaign, CampaignStatus.Failed);
        Assert.Contains("Nothing was measured, for no device is left", ended.Notes[0]);
        Assert.Equal(4, ended.Summary.RunsFailed);
    }

    [Fact]
    public async Task A_campaign_that_ends_counts_what_is_stored_and_not_only_what_it_was_told_of()
    {
        var before = (await SubmitAsync("before")).Campaign;
        await using var only = await FakeAgent.ConnectAsync(silo);
        await only.FinishAsync(await only.LeaseAsync());
        await EndedAsync(before, CampaignStatus.Completed);
        var campaign = (await SubmitAsync("untold")).Campaign;
        var lease = await only.LeaseAsync();
        var row = (await RowsAsync(before))[0] with { Campaign = campaign, Run = lease.Variants[0].Runs[0].Run, Session = lease.Session };
        Assert.True(await silo.Services.GetRequiredService<IResultStore>().TryStoreAsync(new StoredResult(row, default), CancellationToken.None));

        // Its notice is still on its way when nobody is left.
        Assert.Equal(HttpStatusCode.OK, await ExclusionAsync(HttpMethod.Put, campaign, only.Device));
        var ended = (await EndedAsync(campaign, CampaignStatus.Completed)).Summary;
        Assert.Equal((4, 3), (ended.RunsClosed, ended.RunsFailed));
    }

    [Fact]
    public async Task An_excluded_device_loses_its_session_and_gets_no_other_until_that_is_taken_back()
    {
        var campaign = (await SubmitAsync("excluded")).Campaign;
        await using var stays = await FakeAgent.ConnectAsync(silo);
        var other = await stays.LeaseAsync();
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var lease = await agent.LeaseAsync();
        Assert.Equal(HttpStatusCode.OK, await ExclusionAsync(HttpMethod.Put, campaign, agent.Device));
        Assert.Equal(HttpStatusCode.OK, await ExclusionAsync(HttpMethod.Put, campaign, agent.Device));
        Assert.Equal("The device was excluded from the campaign.", (await agent.BeatAsync(lease)).LeaseRevoked.Reason);
        Assert.Contains($"excluded from campaign {campaign}", (await agent.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() })).NoWork.Reason);
        Assert.Equal("device-excluded", (await PartAsync(campaign, agent.Device)).Left);

        // What it had measured by then is knowledge, and is taken.
        Assert.Equal(ReportOutcome.Stored, (await agent.ReportAsync(FakeAgent.Report(lease, lease.Variants[0], lease.Variants[0].Runs[0]))).Outcome);

        Assert.Equal(HttpStatusCode.OK, await ExclusionAsync(HttpMethod.Delete, campaign, agent.Device));
        await agent.FinishAsync(await agent.LeaseAsync());
        Assert.Equal(HttpStatusCode.OK, await ExclusionAsync(HttpMethod.Put, campaign, stays.Device));
        Assert.Equal(4, (await EndedAsync(campaign, CampaignStatus.Completed)).Summary.RunsFailed);
        Assert.Equal(HttpStatusCode.Conflict, await ExclusionAsync(HttpMethod.Delete, campaign, stays.Device));
        Assert.NotNull((await stays.BeatAsync(other)).LeaseRevoked);
    }

    [Fact]
    public async Task What_is_not_there_can_be_neither_excluded_nor_removed()
    {
        var campaign = (await SubmitAsync("unknown")).Campaign;
        Assert.Equal(HttpStatusCode.NotFound, await ExclusionAsync(HttpMethod.Put, campaign, "nobody"));
        Assert.Equal(HttpStatusCode.NotFound, await ExclusionAsync(HttpMethod.Put, "none-1", "nobody"));
        Assert.Equal(HttpStatusCode.NotFound, (await RemoveAsync("nobody")).Status);
    }

    [Fact]
    public async Task A_removed_device_is_in_no_list_and_no_metric_and_no_campaign_waits_for_it()
    {
        var campaign = (await SubmitAsync("removed")).Campaign;
        await using var stays = await FakeAgent.ConnectAsync(silo);
        var lease = await stays.LeaseAsync();
        string device, name;
        Lease held;
        await using (var agent = await FakeAgent.ConnectAsync(silo))
        {
            (device, held) = (agent.Device, await agent.LeaseAsync());
            name = FakeAgent.Hello(device).Name;
            var connected = await RemoveAsync(device);
            Assert.Equal(HttpStatusCode.Conflict, connected.Status);
            Assert.Contains("is connected", connected.Body);
            await silo.UntilMetricsAsync($"fleet_device_last_seen_timestamp_seconds\\{{[^}}]*device=\"{name}\"");
        }

        var removed = await Wait.UntilAsync(() => RemoveAsync(device), answer => answer.Status != HttpStatusCode.Conflict, answer => answer.Body);
        Assert.Equal(HttpStatusCode.OK, removed.Status);
        Assert.DoesNotContain(await silo.DevicesAsync(), one => one.Device == device);
        await silo.UntilMetricsAsync($"^(?![\\s\\S]*device=\"{name}\")");
        var left = (await silo.UntilAsync(campaign, detail => detail.Devices.Any(part => part.Left is not null))).Devices.Single(part => part.Left is not null);
        Assert.Equal((device, DeviceStatus.Removed, "device-removed"), (left.Device, left.State, left.Left));
        Assert.Equal("device-left", (await silo.GetAsync(ApiRoutes.WhyOf(campaign), ProtocolJson.Default.Explanation)).Causes[0].Kind.Word());

        // It comes back as a new device, and what it had measured is still taken.
        await using var back = await FakeAgent.ConnectAsync(silo, device, session: held.Session, epoch: held.Epoch);
        Assert.Equal(held.Session, (await back.HearAsync())!.LeaseRevoked.Session);
        Assert.Equal(ReportOutcome.Stored, (await back.ReportAsync(FakeAgent.Report(held, held.Variants[0], held.Variants[0].Runs[0]))).Outcome);
        var again = await back.LeaseAsync();
        Assert.True(again.Epoch > held.Epoch);
        Assert.Equal(1, (await silo.DevicesAsync()).Single(one => one.Device == device).RunsDone);
        await back.FinishAsync(again);
        await stays.FinishAsync(lease);
        Assert.Equal(0, (await EndedAsync(campaign, CampaignStatus.Completed)).Summary.RunsFailed);
    }

    private async Task<CampaignDeviceState> PartAsync(string campaign, string device) =>
        (await silo.DetailAsync(campaign)).Devices.Single(part => part.Device == device);

    private async Task<HttpStatusCode> ExclusionAsync(HttpMethod method, string campaign, string device)
    {
        using var request = new HttpRequestMessage(method, ApiRoutes.ExclusionOf(campaign, device));
        using var response = await silo.Http.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<(HttpStatusCode Status, string Body)> RemoveAsync(string device)
    {
        using var response = await silo.Http.DeleteAsync(ApiRoutes.Of(ApiRoutes.Device, device));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Time passes, with an agent that is heard of all the while; the campaign looks as often as it would.</summary>
    private async Task PassAsync(string campaign, TimeSpan span, FakeAgent? heard = null, Lease? held = null)
    {
        var step = TimeSpan.FromSeconds(10);
        var grain = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ICampaignGrain>(campaign);
        var specification = (await grain.WatchAsync(long.MaxValue))!.Specification;
        for (var passed = TimeSpan.Zero; passed < span; passed += step)
        {
            time.Advance(step);
            if (heard is not null)
            {
                await heard.BeatAsync(held);
            }

            // Notices are not waited for; what comes after one is.
            await grain.NoticeAsync(new CampaignNotice());
            await grain.StartAsync(specification);
        }
    }
}
