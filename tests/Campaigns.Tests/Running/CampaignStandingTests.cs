using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Running;
using Fleet.Campaigns.Sessions;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Reasons;

namespace Fleet.Campaigns.Tests.Running;

public sealed class CampaignStandingTests
{
    private static readonly CampaignSpecification Specification = Sample.Specification();
    private readonly CampaignStanding standing = Sample.Standing();

    [Fact]
    public void A_variant_is_told_of_when_it_becomes_ready_and_only_then()
    {
        var ready = Sample.Ready(Specification.Variants[0]);
        Assert.Equal("dense is ready: validation 0.900.", standing.TakeIn(ready));
        Assert.Null(standing.TakeIn(ready));
        Assert.Equal("hmd-2x could not be trained: it diverged", standing.TakeIn(Sample.Failed(Specification.Variants[1], "it diverged")));
    }

    [Fact]
    public void A_variant_in_training_is_told_of_when_it_begins_and_with_each_epoch()
    {
        var training = Sample.Training(Specification.Variants[0]);
        Assert.Equal("dense: training begins.", standing.TakeIn(training));
        Assert.Null(standing.TakeIn(training));
        var second = training with { Summary = training.Summary with { Epoch = 2, Epochs = 25, Loss = 0.5 } };
        Assert.Equal("dense: epoch 2 of 25, loss 0.500.", standing.TakeIn(second));
        Assert.Null(standing.TakeIn(second));
    }

    [Fact]
    public void A_training_that_begins_anew_is_told_of_once_with_its_reason()
    {
        var training = Sample.Training(Specification.Variants[0]);
        standing.TakeIn(training);
        var anew = training with { Summary = training.Summary with { Reason = "Training diverged in epoch 2." } };
        Assert.Equal("dense: Training diverged in epoch 2.", standing.TakeIn(anew));
        Assert.Null(standing.TakeIn(anew));
        standing.TakeIn(training with { Summary = training.Summary with { State = JobStatus.Waiting } });
        Assert.NotEqual("dense: Training diverged in epoch 2.", standing.TakeIn(anew));
    }

    [Fact]
    public void What_learns_from_a_variant_that_is_not_there_says_so()
    {
        var learning = Sample.Specification("""
            name: n
            task: uci-har
            variants:
              - method: dense
              - { method: hmd, compression: 2, from: dense }
            """);
        Assert.Equal([null, "Learns from dense, which comes first."], standing.Detail("c", Sample.State(learning), Sample.Noon).Jobs.Select(job => job.Reason));
        var cancelled = Sample.State(learning) with { Status = CampaignStatus.Cancelled, EndedAt = Sample.Noon };
        Assert.Equal(
            [(JobStatus.Cancelled, null), (JobStatus.Cancelled, null)],
            standing.Detail("c", cancelled, Sample.Noon).Jobs.Select(job => (job.State, job.Reason)));
        standing.TakeIn(Sample.Ready(learning.Variants[0]));
        Assert.Equal([null, null], standing.Detail("c", Sample.State(learning), Sample.Noon).Jobs.Select(job => job.Reason));
    }

    [Fact]
    public void A_campaign_without_a_device_says_what_it_waits_for()
    {
        var wanting = Sample.Specification($"{Sample.File}\ndevices: [arch=arm64, room=lab]\n");
        Assert.Equal(["No device with arch=arm64 and room=lab is there yet."], standing.Detail("c", Sample.State(wanting), Sample.Noon).Notes);
    }

    [Fact]
    public void A_device_that_waits_says_why()
    {
        var device = Sample.Device();
        standing.Waited(device.Device, Sample.Noon);
        standing.Note(device.Device, SessionProposal.None("Waiting for the reference dense to be trained."));
        var detail = standing.Detail("c", Sample.State(Specification, device), Sample.Noon.AddSeconds(10));
        Assert.Equal("Waiting for the reference dense to be trained.", Assert.Single(detail.Devices).Activity);
        Assert.Equal(["pi: Waiting for the reference dense to be trained."], detail.Notes);

        // After the end it waits for nothing.
        var ended = standing.Detail("c", Sample.State(Specification, device) with { Status = CampaignStatus.Cancelled, EndedAt = Sample.Noon }, Sample.Noon);
        Assert.Equal("", Assert.Single(ended.Devices).Activity);
    }

    [Fact]
    public void A_device_that_is_not_in_the_list_when_the_silo_starts_is_waited_for_and_not_called_removed()
    {
        var device = Sample.Device();
        standing.Attendance.Look([], TimeSpan.FromMinutes(15));
        var detail = standing.Detail("c", Sample.State(Specification, device), Sample.Noon);
        var shown = Assert.Single(detail.Devices);
        Assert.Equal(DeviceStatus.Silent, shown.State);
        Assert.Equal("silent since before the silo started; the campaign waits for it until 2026-07-01 12:01:00 UTC", shown.Activity);
        Assert.Equal([$"{device.Name} is {shown.Activity}."], detail.Notes);
    }

    [Fact]
    public void Time_left_is_unknown_until_something_was_trained_and_measured_here()
    {
        var state = Sample.State(Specification, Sample.Device());
        Assert.Null(standing.Summary("c", state, Sample.Noon).SecondsLeft);

        foreach (var variant in Specification.Variants)
        {
            standing.TakeIn(Sample.Ready(variant));
        }

        Assert.Null(standing.Summary("c", state, Sample.Noon).SecondsLeft);
        standing.TakeIn(new SessionChange(state.Devices[0].Device, "", TimeSpan.FromSeconds(20), Answered: 2));
        // A silo that has just started may not have heard of the device yet.
        Assert.Null(standing.Summary("c", state, Sample.Noon).SecondsLeft);
        List(state.Devices[0]);
        // Three variants in two modes at 10 s a run.
        Assert.Equal(60, standing.Summary("c", state, Sample.Noon).SecondsLeft);
    }

    [Theory]
    [InlineData(0, null, 60.0)]
    [InlineData(20, null, null)]
    [InlineData(0, "another-1", null)]
    public void Time_left_is_not_told_while_a_device_is_silent_or_at_work_for_another_campaign(int silentSeconds, string? campaign, double? expected)
    {
        var device = Sample.Device();
        foreach (var variant in Specification.Variants)
        {
            standing.TakeIn(Sample.Ready(variant));
        }

        standing.TakeIn(new SessionChange(device.Device, "", TimeSpan.FromSeconds(20), Answered: 2));
        var entry = Sample.Entry(device, Sample.Noon.AddSeconds(-silentSeconds), campaign: campaign);
        standing.Fleet = new Dictionary<string, DeviceEntry> { [device.Device] = entry };
        var state = Sample.State(Specification, device);
        Assert.Equal(expected, standing.Summary("c", state, Sample.Noon).SecondsLeft);

        // Who has left has nothing left to do.
        var excluded = state with { Departures = [new Departure(device.Device, ReasonCodes.DeviceExcluded, Sample.Noon)] };
        Assert.Equal(0, standing.Summary("c", excluded, Sample.Noon).SecondsLeft);
    }

    [Theory]
    [InlineData(DeviceStatus.Measuring, 0, "c", DeviceStatus.Measuring, "round 3")]
    [InlineData(DeviceStatus.Measuring, 0, "another-1", DeviceStatus.Measuring, "at work for campaign another-1")]
    [InlineData(
        DeviceStatus.Measuring, 20, "c", DeviceStatus.Silent,
        "silent since 2026-07-01 11:59:40 UTC; the campaign waits for it until 2026-07-01 12:15:00 UTC")]
    public void A_device_is_in_the_state_that_the_list_of_devices_tells(
        DeviceStatus doing, int silentSeconds, string campaign, DeviceStatus state, string activity)
    {
        var device = Sample.Device();
        var entry = Sample.Entry(device, Sample.Noon.AddSeconds(-silentSeconds), doing, campaign);
        standing.Fleet = new Dictionary<string, DeviceEntry> { [device.Device] = entry };
        standing.Activities[device.Device] = new SessionProgress { Device = device.Device, State = doing, Activity = "round 3", Progress = 0.5 };
        var shown = Assert.Single(standing.Detail("c", Sample.State(Specification, device), Sample.Noon).Devices);
        Assert.Equal((state, activity), (shown.State, shown.Activity));

        var listed = DeviceSummaries.Of(new DeviceState { Description = device }, entry, null, entry.LastSeen, default, Sample.Noon, new LeaseOptions());
        Assert.Equal(state, listed.State);
    }

    [Theory]
    // Of three variants at 30 s each: two are trained at a time, one waits; and no less than the longest.
    [InlineData(30, 45)]
    [InlineData(200, 200)]
    public void Time_left_is_that_of_as_many_trainings_at_a_time_as_now(double slowest, double expected)
    {
        var (dense, second, third) = (Specification.Variants[0], Specification.Variants[1], Specification.Variants[2]);
        standing.TakeIn(Training(dense, JobStatus.Training, slowest));
        standing.TakeIn(Training(second, JobStatus.Waiting, 30));
        standing.TakeIn(Training(third, JobStatus.Queued, 30));
        standing.TakeIn(new SessionChange("any", "", TimeSpan.Zero, Answered: 1));
        List(Sample.Device());
        Assert.Equal(expected, standing.Summary("c", Sample.State(Specification, Sample.Device()), Sample.Noon).SecondsLeft);
        Assert.Null(standing.Summary("c", Sample.State(Specification), Sample.Noon).SecondsLeft);

        static JobView Training(VariantSpecification variant, JobStatus state, double left) =>
            new(Sample.Ready(variant).Summary with { State = state, SecondsLeft = left }, null);
    }

    [Fact]
    public void Events_are_numbered_upwards_and_bounded()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Sample.Noon);
        var log = new EventLog(time);
        for (var i = 0; i < EventLog.Most + 10; i++)
        {
            log.Add(CampaignEventKind.Note, $"{i}");
        }

        var all = log.After(0);
        Assert.Equal(EventLog.Most, all.Length);
        Assert.Equal(all.OrderBy(occurrence => occurrence.Sequence), all);
        Assert.Equal(["265"], log.After(log.Last - 1).Select(occurrence => occurrence.Message));

        // After a restart the clock has gone on, and so have the numbers.
        time.Advance(TimeSpan.FromSeconds(1));
        var again = new EventLog(time);
        again.Add(CampaignEventKind.Note, "later");
        Assert.True(again.Last > log.Last);
    }

    private void List(DeviceDescription device) => standing.Fleet = new Dictionary<string, DeviceEntry> { [device.Device] = Sample.Entry(device, Sample.Noon) };
}
