using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Running;
using Fleet.Domain.Devices;
using Fleet.Domain.Reasons;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Campaigns.Tests.Running;

/// <summary>Who is waited for, in virtual time: the campaign looks every second, as its grain does.</summary>
public sealed class DepartureTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);
    private static readonly DeviceDescription Pi = Sample.Device();
    private static readonly DeviceDescription Other = Sample.Device("other");
    private readonly FakeTimeProvider time = new(Sample.Noon);
    private readonly Dictionary<string, DeviceEntry> fleet = [];
    private Attendance attendance;
    private CampaignState state = Sample.State(Sample.Specification()) with { CreatedAt = Sample.Noon };

    public DepartureTests()
    {
        attendance = new Attendance(time);
        Ask(Pi);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([Pi.Device], state.Devices.Select(device => device.Device));
    }

    [Fact]
    public void A_silent_device_is_waited_for_as_long_as_the_campaign_has_patience_and_not_longer()
    {
        Pass(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(2));
        Assert.Empty(state.Departures);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([new Departure(Pi.Device, ReasonCodes.DeviceSilent, Sample.Noon)], state.Departures);
    }

    [Fact]
    public void A_campaign_may_have_more_patience()
    {
        state = state with { Specification = state.Specification! with { Patience = TimeSpan.FromHours(1) } };
        Pass(TimeSpan.FromMinutes(59));
        Assert.Empty(state.Departures);
        Pass(TimeSpan.FromMinutes(2));
        Assert.NotEmpty(state.Departures);
    }

    [Fact]
    public void A_device_that_is_heard_of_does_not_leave()
    {
        for (var i = 0; i < 30; i++)
        {
            Pass(TimeSpan.FromMinutes(10));
            Ask(Pi);
        }

        Assert.Empty(state.Departures);
    }

    [Fact]
    public void One_that_left_is_back_when_it_is_heard_of_again()
    {
        Pass(TimeSpan.FromMinutes(20));
        Assert.NotEmpty(state.Departures);
        // With the session that it still holds: it asks for nothing.
        fleet[Pi.Device] = fleet[Pi.Device] with { LastSeen = time.GetUtcNow() };
        Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(state.Departures);
        Pass(TimeSpan.FromMinutes(20));
        Assert.Single(state.Departures);
    }

    [Fact]
    public void A_silo_that_starts_again_gives_who_was_silent_a_moment_to_come_back_and_no_more()
    {
        Pass(TimeSpan.FromMinutes(10));
        time.Advance(TimeSpan.FromHours(8));
        Restart();
        Pass(TimeSpan.FromSeconds(58));
        Assert.Empty(state.Departures);
        Pass(TimeSpan.FromSeconds(5));
        Assert.Single(state.Departures);
    }

    [Fact]
    public void A_silo_that_starts_again_and_again_does_not_start_patience_anew()
    {
        for (var i = 0; i < 10; i++)
        {
            Pass(TimeSpan.FromMinutes(2));
            Restart();
        }

        Assert.Single(state.Departures);

        // And who has left is not waited for anew.
        Restart();
        Pass(TimeSpan.FromSeconds(1));
        Assert.Single(state.Departures);
    }

    [Fact]
    public void A_process_that_stood_still_heard_nobody_and_makes_nobody_silent()
    {
        time.Advance(TimeSpan.FromDays(1));
        Look();
        Pass(TimeSpan.FromSeconds(10));
        Assert.Empty(state.Departures);
    }

    [Fact]
    public void A_clock_that_is_set_back_by_years_keeps_no_silent_device()
    {
        fleet[Pi.Device] = fleet[Pi.Device] with { LastSeen = Sample.Noon.AddYears(20) };
        Restart();
        Pass(TimeSpan.FromMinutes(16));
        Assert.Single(state.Departures);
    }

    [Fact]
    public void A_device_is_admitted_when_it_asks_for_work_and_not_by_being_there()
    {
        fleet[Other.Device] = new DeviceEntry(Other, DeviceStatus.Idle, time.GetUtcNow());
        Look();
        Assert.Single(state.Devices);

        // It asked before there was this campaign, and not since.
        fleet[Other.Device] = new DeviceEntry(Other, DeviceStatus.Idle, time.GetUtcNow(), AskedAt: Sample.Noon.AddSeconds(-1));
        Look();
        Assert.Single(state.Devices);

        Ask(Other);
        Look();
        Assert.Equal(2, state.Devices.Length);
    }

    [Fact]
    public void A_device_at_work_for_another_campaign_has_asked()
    {
        fleet[Other.Device] = new DeviceEntry(Other, DeviceStatus.Measuring, time.GetUtcNow(), AskedAt: Sample.Noon.AddHours(-1), Campaign: "another-1");
        Look();
        Assert.Equal(2, state.Devices.Length);
    }

    [Fact]
    public void One_that_was_silent_before_the_campaign_began_takes_no_part()
    {
        fleet[Other.Device] = Sample.Entry(Other, Sample.Noon);
        time.Advance(TimeSpan.FromMinutes(1));
        Look();
        Assert.Single(state.Devices);
    }

    [Fact]
    public void A_removed_device_has_left_and_takes_part_again_when_it_has_enrolled_and_asks()
    {
        fleet.Remove(Pi.Device);
        Look();
        var removed = new Departure(Pi.Device, ReasonCodes.DeviceRemoved, time.GetUtcNow());
        Assert.Equal([removed], state.Departures);

        Pass(TimeSpan.FromMinutes(1));
        fleet[Pi.Device] = new DeviceEntry(Pi, DeviceStatus.Idle, time.GetUtcNow());
        Look();
        Assert.Equal([removed], state.Departures);
        Ask(Pi);
        Look();
        Assert.Empty(state.Departures);
    }

    [Fact]
    public void A_device_that_a_silo_does_not_find_in_its_list_when_it_starts_is_given_a_moment_to_connect()
    {
        // Its line is damaged, or it was removed a moment before the silo died.
        fleet.Remove(Pi.Device);
        Restart();
        Pass(TimeSpan.FromSeconds(58));
        Assert.Empty(state.Departures);
        Ask(Pi);
        Pass(TimeSpan.FromMinutes(2));
        Assert.Empty(state.Departures);

        fleet.Remove(Pi.Device);
        Restart();
        Pass(TimeSpan.FromSeconds(63));
        Assert.Equal(ReasonCodes.DeviceRemoved, Assert.Single(state.Departures).Code);
    }

    [Fact]
    public void An_excluded_device_stays_so_however_often_it_asks_or_is_removed()
    {
        var excluded = new Departure(Pi.Device, ReasonCodes.DeviceExcluded, Sample.Noon);
        var before = new Departure(Other.Device, ReasonCodes.DeviceExcluded, Sample.Noon);
        state = state with { Departures = [excluded, before] };
        Ask(Pi);
        Ask(Other);
        Pass(TimeSpan.FromMinutes(20));
        fleet.Remove(Pi.Device);
        Look();
        Assert.Equal([excluded, before], state.Departures);
        Assert.Single(state.Devices);
    }

    [Fact]
    public void Several_campaigns_let_go_each_by_its_own_patience()
    {
        var (patient, watch) = (state with { Specification = state.Specification! with { Patience = TimeSpan.FromMinutes(30) } }, new Attendance(time));
        for (var second = 0; second < 20 * 60; second++)
        {
            Pass(TimeSpan.FromSeconds(1));
            watch.Look(fleet.Values, patient.Specification!.Patience);
            patient = patient with { Departures = Departures.Of(patient, fleet, watch, time.GetUtcNow()) };
        }

        Assert.Single(state.Departures);
        Assert.Empty(patient.Departures);
    }

    private void Ask(DeviceDescription device) => fleet[device.Device] = Sample.Entry(device, time.GetUtcNow());

    private void Restart() => attendance = new Attendance(time);

    private void Pass(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(1))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Look();
        }
    }

    private void Look()
    {
        attendance.Look(fleet.Values, state.Specification!.Patience);
        state = state with { Devices = [.. state.Devices, .. Departures.Joining(state, fleet.Values, time.GetUtcNow(), Silence)] };
        state = state with { Departures = Departures.Of(state, fleet, attendance, time.GetUtcNow()) };
    }
}
