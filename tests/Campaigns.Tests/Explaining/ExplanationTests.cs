using Fleet.Campaigns.Explaining;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Results;
using Fleet.Campaigns.Running;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Explanations;
using Fleet.Domain.Jobs;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Tests.Explaining;

/// <summary>From what there is to what is said of it, without a cluster.</summary>
public sealed class ExplanationTests
{
    private static readonly DateTimeOffset Now = Sample.Noon.AddMinutes(10);
    private static readonly DeviceDescription Pi = Sample.Device();
    private readonly CampaignStanding standing = Sample.Standing();
    private CampaignSpecification specification = Sample.Specification();
    private CampaignState state = new();
    private DeviceSummary[] devices = [Summary(Pi)];
    private JobSummary[] queue = [];
    private ResultRow[] rows = [];

    public ExplanationTests() => Take(Sample.File, Sample.Ready, Pi);

    [Fact]
    public void A_campaign_whose_tags_no_device_has_says_what_each_has_in_their_place()
    {
        Take(Sample.File + "\ndevices: [arch=x64, room=attic]", Sample.Ready);
        devices = [Summary(Pi), Summary(Sample.Device("laptop", "x64"))];

        var cause = Assert.Single(Campaign().Causes);

        Assert.Equal("no-device", cause.Kind.Word());
        Assert.Equal("No device matches arch=x64 and room=attic: pi has arch=arm64 and has no tag room; laptop has no tag room.", cause.Text);
        Assert.Contains("--tag", cause.WayOut);
    }

    [Fact]
    public void A_fleet_without_a_device_says_how_to_get_one()
    {
        Take(Sample.File, Sample.Ready);
        devices = [];
        var cause = Assert.Single(Campaign().Causes);
        Assert.Equal(("no-device", "No device has ever enrolled."), (cause.Kind.Word(), cause.Text));
        Assert.Contains("fleet up", cause.WayOut);
    }

    [Fact]
    public void A_device_that_is_busy_for_another_campaign_is_named_with_it_and_its_lease()
    {
        devices =
        [
            Summary(Pi) with
            {
                State = DeviceStatus.Measuring,
                Campaign = "other-1",
                Session = "abc-7",
                Activity = "measuring window, round 3",
                Progress = 0.4,
                LeaseUntil = Now.AddSeconds(30),
            },
        ];

        var cause = Assert.Single(Campaign().Causes);

        Assert.Equal(
            "pi is at work for campaign other-1: measuring window, round 3"
                + " (40 % of session abc-7, lease until 12:10:30 UTC and renewed as long as it is heard of).",
            cause.Text);
        Assert.Contains("fleet campaign pause other-1", cause.WayOut);
    }

    [Fact]
    public void A_silent_device_is_told_with_since_when_and_what_is_open()
    {
        devices = [Summary(Pi) with { State = DeviceStatus.Silent, LastSeen = Now.AddMinutes(-4) }];
        var cause = Assert.Single(Campaign().Causes);
        Assert.Equal(
            ("device-silent", "pi has been silent since 2026-07-01 12:06:00 UTC (4 min ago), and 6 runs of it are open."),
            (cause.Kind.Word(), cause.Text));
        Assert.Contains("journal", cause.WayOut);
        Assert.Equal("pi has been silent since 2026-07-01 12:06:00 UTC (4 min ago).", Assert.Single(Device().Causes).Text);
    }

    [Fact]
    public void A_silent_device_is_waited_for_until_a_time_that_everybody_names()
    {
        devices = [Summary(Pi) with { State = DeviceStatus.Silent, LastSeen = Now.AddMinutes(-4) }];
        standing.Fleet = new Dictionary<string, DeviceEntry> { [Pi.Device] = Sample.Entry(Pi, Now.AddMinutes(-4)) };
        standing.Attendance.Look(standing.Fleet.Values, specification.Patience);

        var detail = Facts().View.Detail;
        Assert.Equal(Now.AddMinutes(15), detail.Devices[0].WaitedForUntil);
        Assert.Equal("pi is silent since 2026-07-01 12:06:00 UTC; the campaign waits for it until 2026-07-01 12:25:00 UTC.", Assert.Single(detail.Notes));
        var cause = Assert.Single(Campaign().Causes);
        Assert.Equal(
            "pi has been silent since 2026-07-01 12:06:00 UTC (4 min ago), and 6 runs of it are open; the campaign waits for it until 2026-07-01 12:25:00 UTC.",
            cause.Text);
        Assert.EndsWith($"To go on without it: fleet device exclude {Sample.Campaign} pi", cause.WayOut);
    }

    [Theory]
    [InlineData(
        ReasonCodes.DeviceSilent,
        "pi has been silent since 2026-07-01 12:00:00 UTC, longer than the campaign waits (15 min); 6 runs of it ended with that.",
        "taken up again")]
    [InlineData(ReasonCodes.DeviceExcluded, "pi was excluded from the campaign at 2026-07-01 12:00:00 UTC; 6 runs of it ended with that.", "--undo")]
    [InlineData(ReasonCodes.DeviceRemoved, "pi was removed from the fleet at 2026-07-01 12:00:00 UTC; 6 runs of it ended with that.", "enrols as a new device")]
    public void A_device_that_left_is_told_of_with_why_and_how_it_may_come_back(string code, string text, string wayOut)
    {
        state = state with { Departures = [new Departure(Pi.Device, code, Sample.Noon)] };
        devices = code == ReasonCodes.DeviceRemoved ? [] : devices;
        foreach (var explanation in new[] { Campaign(), Run() })
        {
            var cause = Assert.Single(explanation.Causes);
            Assert.Equal(("device-left", text), (cause.Kind.Word(), cause.Text));
            Assert.Contains(wayOut, cause.WayOut);
        }

        var detail = Facts().View.Detail;
        Assert.Equal((code, Sample.Noon), (detail.Devices[0].Left, detail.Devices[0].LeftSince));
        Assert.StartsWith(text.Split(';')[0], Assert.Single(detail.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_agent_of_the_same_identity_is_named_first()
    {
        devices = [Summary(Pi) with { Rival = new RivalAgent { Name = "pi-copy", Address = "10.0.0.7:50123", At = Now.AddMinutes(-1) } }];
        var cause = Device().Causes[0];
        Assert.Equal(
            ("same-identity", "Another agent has the identity of pi: pi-copy at 10.0.0.7:50123 was turned away at 2026-07-01 12:09:00 UTC (60 s ago)."),
            (cause.Kind.Word(), cause.Text));
        Assert.Contains("fleet-agent reset-identity", cause.WayOut);
    }

    [Fact]
    public void Training_is_reported_with_its_progress_and_its_queue()
    {
        Take(Sample.File, variant => variant.Name switch
        {
            "dense" => Job(variant, JobStatus.Training) with
            {
                Summary = Job(variant, JobStatus.Training).Summary with { Epoch = 7, Epochs = 25, SecondsLeft = 41 },
            },
            _ => Job(variant, JobStatus.Queued),
        }, Pi);
        queue = [.. standing.Jobs.Values.Select(job => job.Summary)];

        var causes = Campaign().Causes;

        Assert.Equal(
            ["dense is being trained: epoch 7 of 25, about 41 s left.",
             "hmd-2x is queued for training, as the next; now dense is at epoch 7 of 25.",
             "hmd-4x is queued for training, behind 1 other; now dense is at epoch 7 of 25.",
             "pi waits: it has not asked for work yet; that takes a moment."],
            causes.Select(cause => cause.Text));
    }

    [Fact]
    public void Where_several_are_trained_their_number_is_told()
    {
        Take(Sample.File, variant => variant.Name switch
        {
            "hmd-4x" => Job(variant, JobStatus.Queued),
            _ => Job(variant, JobStatus.Training) with { Summary = Job(variant, JobStatus.Training).Summary with { Epoch = 7, Epochs = 25 } },
        }, Pi);
        queue = [.. standing.Jobs.Values.Select(job => job.Summary)];

        Assert.Contains(
            "hmd-4x is queued for training, as the next; now 2 are trained, and dense is at epoch 7 of 25.", Campaign().Causes.Select(cause => cause.Text));
    }

    [Fact]
    public void A_training_that_waits_for_room_and_one_that_failed_say_so()
    {
        Take(Sample.File, variant => variant.Name switch
        {
            "hmd-2x" => Sample.Failed(variant, "the loss is not a number"),
            "hmd-4x" => Job(variant, JobStatus.Waiting, "The disk under /state is full."),
            _ => Sample.Ready(variant),
        }, Pi);

        var causes = Campaign().Causes;

        Assert.Equal(["training-failed", "training-waits", "device-waits"], causes.Select(cause => cause.Kind.Word()));
        Assert.Equal("hmd-2x could not be trained: the loss is not a number", causes[0].Text);
        Assert.Equal("The training of hmd-4x waits: The disk under /state is full.", causes[1].Text);
        Assert.Contains("once there is space", causes[1].WayOut);
    }

    [Theory]
    [InlineData(CampaignStatus.Paused, "paused", "fleet campaign resume")]
    [InlineData(CampaignStatus.Cancelled, "cancelled", "Run its file again")]
    [InlineData(CampaignStatus.Failed, "failed", "run its file again")]
    public void A_campaign_that_stands_still_says_why_and_how_it_goes_on(CampaignStatus status, string kind, string wayOut)
    {
        state = state with { Status = status, Reason = "dense could not be trained" };
        var cause = Assert.Single(Campaign().Causes);
        Assert.Equal(kind, cause.Kind.Word());
        Assert.Contains(wayOut, cause.WayOut);
        Assert.Equal(kind, Assert.Single(Run().Causes).Kind.Word());
    }

    [Fact]
    public void A_complete_campaign_needs_no_explaining()
    {
        Close(Validity.Valid);
        var cause = Assert.Single(Campaign().Causes);
        Assert.Equal("done", cause.Kind.Word());
        Assert.Contains("nothing to explain", cause.Text);
    }

    [Fact]
    public void Failed_runs_of_a_complete_campaign_are_told_once_for_each_reason()
    {
        Close(Validity.Failed);
        rows = [Row("dense", "out of memory"), Row("hmd-2x", "out of memory"), Row("hmd-4x", "no such instruction")];
        Assert.Equal(
            [$"Campaign {Sample.Campaign} is complete, and 6 of its 6 runs failed.",
             "2 runs failed (dense, hmd-2x): out of memory",
             "1 run failed (hmd-4x): no such instruction"],
            Campaign().Causes.Select(cause => cause.Text));
    }

    [Fact]
    public void A_complete_campaign_of_which_all_is_invalid_says_why_and_what_to_do()
    {
        Close(Validity.Invalid);
        rows =
        [
            .. new[] { "dense", "hmd-2x", "hmd-4x" }
                .Select(name => Row(name, "") with { Validity = Validity.Invalid, Reasons = [new Reason(ReasonCodes.CoreTaken, 12, 16)] }),
        ];
        var causes = Campaign().Causes;
        Assert.DoesNotContain("nothing to explain", causes[0].Text);
        Assert.Equal("nothing-ranked", causes[1].Kind.Word());
        Assert.Equal(
            "No run could be ranked: all 3 runs are invalid. core-taken in 3 runs: other processes held the measured core for more than half of the block.",
            causes[1].Text);
        Assert.Contains("--new", causes[1].WayOut);

        rows = [rows[0], rows[1], rows[2] with { Validity = Validity.Valid, MetricValue = 0.9, LatencyUs = new() { Mean = 10, N = 100, BatchSize = 1 } }];
        Assert.Contains("nothing to explain", Assert.Single(Campaign().Causes).Text);
    }

    [Fact]
    public void An_open_run_is_explained_by_what_it_waits_for_first()
    {
        Assert.Equal("device-waits", Assert.Single(Run().Causes).Kind.Word());
        Take(Sample.File, variant => Job(variant, JobStatus.Queued), Pi);
        var run = Run();
        Assert.Equal(("run", "open", "dense, window on pi"), (run.Kind.Word(), run.State, run.Name));
        Assert.Equal("training-queued", Assert.Single(run.Causes).Kind.Word());
    }

    [Theory]
    [InlineData(Validity.Valid, "done", "nothing speaks against it")]
    [InlineData(Validity.Suspect, "done", "suspect: others took 9 % of the CPU")]
    [InlineData(Validity.Invalid, "nothing-ranked", "its latency does not count: others took 9 % of the CPU")]
    [InlineData(Validity.Failed, "run-failed", "failed: others took 9 % of the CPU")]
    public void A_closed_run_is_explained_by_its_row(Validity validity, string kind, string text)
    {
        var explanation = RunExplanation.Of(Row("dense", "others took 9 % of the CPU") with { Validity = validity }, "pi");
        var cause = Assert.Single(explanation.Causes);
        Assert.Equal((validity.Word(), kind), (explanation.State, cause.Kind.Word()));
        Assert.Contains(text, cause.Text);
    }

    [Fact]
    public void A_device_tells_its_own_trouble_before_what_a_campaign_told_it()
    {
        devices = [Summary(Pi) with { Activity = "The disk under /state is full." }];
        Assert.Equal("pi waits: The disk under /state is full.", Assert.Single(Device(Entry("a-1")).Causes).Text);
    }

    [Fact]
    public void A_free_device_says_of_each_running_campaign_why_it_does_not_serve_it()
    {
        Assert.Equal("pi waits: no campaign is running.", Assert.Single(Device().Causes).Text);
        Assert.Equal(
            ["pi waits: a-1 says: Waiting for the reference dense to be trained.",
             "pi is not asked by campaign b-2: that wants arch=x64, and it has arch=arm64 and that wants room=attic, and it has no such tag."],
            Device(Entry("a-1", "arch=arm64"), Entry("b-2", "arch=x64", "room=attic")).Causes.Select(cause => cause.Text));
    }

    private Explanation Campaign() => CampaignExplanation.Of(Facts());

    private Explanation Run()
    {
        var wanted = Reconciliation.Wanted(Sample.Campaign, specification, Pi).First();
        return RunExplanation.Of(new RunPlace(wanted.Run, Sample.Campaign, wanted.Variant.Key, Pi.Device, wanted.Condition), Facts());
    }

    private Explanation Device(params CampaignEntry[] campaigns) => DeviceExplanation.Of(
        devices[0], campaigns, new Dictionary<string, string> { ["a-1"] = "Waiting for the reference dense to be trained." }, Now);

    private CampaignFacts Facts() => new(new CampaignView(specification, standing.Detail(Sample.Campaign, state, Now), 0, []), devices, queue, rows, Now);

    private void Take(string file, Func<VariantSpecification, JobView> job, params DeviceDescription[] taking)
    {
        specification = Sample.Specification(file);
        state = Sample.State(specification, taking);
        foreach (var variant in specification.Variants)
        {
            standing.Jobs[variant.Key] = job(variant);
        }
    }

    private void Close(Validity validity)
    {
        state = state with { Status = CampaignStatus.Completed, EndedAt = Now };
        standing.Closed = Reconciliation.Wanted(Sample.Campaign, specification, Pi).ToDictionary(run => run.Run, _ => validity);
    }

    private static JobView Job(VariantSpecification variant, JobStatus state, string? reason = null) =>
        new(Sample.Training(variant).Summary with { State = state, Reason = reason }, null);

    private static DeviceSummary Summary(DeviceDescription device) =>
        DeviceSummaries.Of(new DeviceState { Description = device }, Sample.Entry(device, Now), null, Now, default, Now, new LeaseOptions());

    private CampaignEntry Entry(string id, params string[] tags) => new(
        standing.Summary(id, state with { CreatedAt = Sample.Noon.AddSeconds(id[0]) }, Now) with { State = CampaignStatus.Running },
        "",
        0,
        tags,
        "uci-har",
        null);

    private ResultRow Row(string variant, string reason)
    {
        var wanted = Reconciliation.Wanted(Sample.Campaign, specification, Pi).First(run => run.Variant.Name == variant);
        return ResultRows.Failed(
            new RunOrigin(Sample.Campaign, wanted.Run, "s-1", "uci-har", wanted.Variant, wanted.Condition, 1, Pi),
            null,
            new Reason(ReasonCodes.Text, Detail: reason),
            Now);
    }
}
