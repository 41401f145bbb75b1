using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Running;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;

namespace Fleet.Campaigns.Tests.Running;

public sealed class ReconciliationTests
{
    private static readonly CampaignSpecification Specification = Sample.Specification();

    [Fact]
    public void In_the_beginning_everything_is_to_be_trained_the_reference_first()
    {
        var specification = Sample.Specification("""
            name: n
            task: uci-har
            seeds: [1, 2]
            variants:
              - { method: hmd, compression: 2 }
              - method: dense
            """);
        var plan = Decide(Sample.State(specification, Sample.Device()), [], []);
        Assert.Equal(["dense 1", "dense 2", "hmd-2x 1", "hmd-2x 2"], plan.Train.Select(variant => $"{variant.Name} {variant.Seed}"));
        Assert.Empty(plan.Close);
        Assert.Null(plan.Status);
    }

    [Fact]
    public void What_is_settled_is_not_trained_again()
    {
        var jobs = Sample.Jobs(Specification, Sample.Ready);
        jobs[Specification.Variants[2].Key] = Sample.Training(Specification.Variants[2]);
        Assert.Equal(["hmd-4x"], Decide(Sample.State(Specification, Sample.Device()), jobs, []).Train.Select(variant => variant.Name));
    }

    [Fact]
    public void A_variant_whose_dense_one_failed_is_not_trained_and_its_runs_are_closed_with_that_reason()
    {
        var specification = Sample.Specification("""
            name: n
            task: uci-har
            reference: lmf-2x
            variants:
              - { method: lmf, compression: 2 }
              - method: dense
              - { method: hmd, compression: 2, from: dense }
            """);
        var state = Sample.State(specification, Sample.Device());
        var jobs = new Dictionary<string, JobView> { [specification.Variants[0].Key] = Sample.Ready(specification.Variants[0]) };
        Assert.Equal(["dense", "hmd-2x-from-dense"], Decide(state, jobs, []).Train.Select(variant => variant.Name));

        jobs[specification.Variants[1].Key] = Sample.Failed(specification.Variants[1], "it diverged");
        Assert.Empty(Decide(state, jobs, []).Train);
        var others = Reconciliation.Wanted(Sample.Campaign, specification, state.Devices[0])
            .Where(run => run.Variant.Name == "lmf-2x").Select(run => run.Run).ToArray();
        var plan = Decide(state, jobs, others);
        Assert.Equal(
            [new Reason(ReasonCodes.TrainingFailed, Detail: "it diverged"), new Reason(ReasonCodes.DependencyFailed, Detail: "dense: it diverged")],
            plan.Close.Select(run => run.Reason).Distinct());
        Assert.Equal(CampaignStatus.Completed, plan.Status);

        // Where it is there all the same, from another campaign, it is measured.
        jobs[specification.Variants[2].Key] = Sample.Ready(specification.Variants[2]);
        Assert.Null(Decide(state, jobs, others).Status);
    }

    [Fact]
    public void Without_a_device_a_campaign_waits_though_all_is_trained() =>
        Assert.Null(Decide(Sample.State(Specification), Sample.Jobs(Specification, Sample.Ready), []).Status);

    [Fact]
    public void It_is_complete_when_the_last_run_of_every_device_is_closed()
    {
        var state = Sample.State(Specification, Sample.Device("a"), Sample.Device("b"));
        var runs = Runs(state);
        var jobs = Sample.Jobs(Specification, Sample.Ready);
        Assert.Null(Decide(state, jobs, runs[..^1]).Status);
        Assert.Equal(CampaignStatus.Completed, Decide(state, jobs, runs).Status);
    }

    [Fact]
    public void Runs_of_a_variant_that_failed_are_closed_with_its_reason_once_nothing_else_is_left()
    {
        var state = Sample.State(Specification, Sample.Device());
        var jobs = Sample.Jobs(Specification, Sample.Ready);
        var failed = Specification.Variants[2];
        jobs[failed.Key] = Sample.Failed(failed, "it diverged");
        Assert.Empty(Decide(state, jobs, []).Close);

        var others = Reconciliation.Wanted(Sample.Campaign, Specification, state.Devices[0])
            .Where(run => run.Variant != failed).Select(run => run.Run).ToArray();
        var plan = Decide(state, jobs, others);
        Assert.Equal(2, plan.Close.Count);
        Assert.All(plan.Close, run => Assert.Equal(new Reason(ReasonCodes.TrainingFailed, Detail: "it diverged"), run.Reason));
        Assert.Equal(CampaignStatus.Completed, plan.Status);
    }

    [Fact]
    public void Without_its_reference_a_campaign_fails_and_says_why()
    {
        var jobs = Sample.Jobs(Specification, Sample.Ready);
        jobs[Specification.Variants[0].Key] = Sample.Failed(Specification.Variants[0], "no memory");
        var plan = Decide(Sample.State(Specification, Sample.Device()), jobs, []);
        Assert.Equal(CampaignStatus.Failed, plan.Status);
        Assert.Equal(6, plan.Close.Count);
        Assert.Contains("no memory", plan.Reason);
        Assert.Contains(plan.Close, run => run.Reason == new Reason(ReasonCodes.ReferenceFailed, Detail: "dense: no memory"));
    }

    [Fact]
    public void One_seed_that_lost_its_reference_does_not_end_the_others()
    {
        var specification = Sample.Specification($"{Sample.File}\nseeds: [1, 2]\n");
        var state = Sample.State(specification, Sample.Device());
        var jobs = Sample.Jobs(specification, variant => variant is { Name: "dense", Seed: 1 } ? Sample.Failed(variant, "no memory") : Sample.Ready(variant));
        Assert.Null(Decide(state, jobs, []).Status);
        var second = Reconciliation.Wanted(Sample.Campaign, specification, state.Devices[0])
            .Where(run => run.Variant.Seed == 2).Select(run => run.Run).ToArray();
        var plan = Decide(state, jobs, second);
        Assert.Equal(CampaignStatus.Completed, plan.Status);
        Assert.All(plan.Close, run => Assert.Equal(1, run.Wanted.Variant.Seed));
    }

    [Fact]
    public void If_nothing_can_be_trained_it_fails_without_waiting_for_a_device() =>
        Assert.Equal(
            CampaignStatus.Failed, Decide(Sample.State(Specification), Sample.Jobs(Specification, variant => Sample.Failed(variant, "no data")), []).Status);

    [Fact]
    public void A_device_that_left_holds_nothing_open_and_its_runs_end_with_its_reason()
    {
        var state = Sample.State(Specification, Sample.Device("a"), Sample.Device("b"));
        var runs = Runs(state);
        var jobs = Sample.Jobs(Specification, Sample.Ready);
        Assert.Null(Decide(state, jobs, runs[..6]).Status);

        var plan = Decide(state with { Departures = [new Departure(state.Devices[1].Device, ReasonCodes.DeviceSilent, Sample.Noon)] }, jobs, runs[..6]);
        Assert.Equal((CampaignStatus.Completed, null), (plan.Status, plan.Reason));
        Assert.Equal(runs[6..], plan.Close.Select(run => run.Wanted.Run));
        Assert.All(plan.Close, run => Assert.Equal(new Reason(ReasonCodes.DeviceSilent, Detail: "2026-07-01 12:00:00 UTC"), run.Reason));
    }

    [Fact]
    public void What_is_still_trained_is_waited_for_though_every_device_left()
    {
        var state = Left(ReasonCodes.DeviceSilent);
        var jobs = Sample.Jobs(Specification, Sample.Ready);
        jobs[Specification.Variants[1].Key] = Sample.Training(Specification.Variants[1]);
        Assert.Null(Decide(state, jobs, []).Status);
    }

    [Theory]
    [InlineData(ReasonCodes.DeviceSilent, "pi has been silent since")]
    [InlineData(ReasonCodes.DeviceExcluded, "pi was excluded from the campaign at")]
    [InlineData(ReasonCodes.DeviceRemoved, "pi was removed from the fleet at")]
    public void When_every_device_left_and_nothing_was_measured_the_campaign_fails_and_says_who(string code, string text)
    {
        var state = Left(code);
        var plan = Decide(state, Sample.Jobs(Specification, Sample.Ready), []);
        Assert.Equal((CampaignStatus.Failed, 6), (plan.Status, plan.Close.Count));
        Assert.StartsWith($"Nothing was measured, for no device is left: {text}", plan.Reason, StringComparison.Ordinal);

        // What was measured is worth completing with.
        Assert.Equal(CampaignStatus.Completed, Decide(state, Sample.Jobs(Specification, Sample.Ready), Runs(state)[..1]).Status);
        Assert.Equal(CampaignStatus.Failed, Decide(state, Sample.Jobs(Specification, Sample.Ready), Runs(state)[..1], Validity.Failed).Status);
    }

    [Fact]
    public void A_device_that_was_excluded_before_it_took_part_does_not_end_a_campaign_that_waits_for_another() =>
        Assert.Null(Decide(
            Sample.State(Specification) with { Departures = [new Departure("x", ReasonCodes.DeviceExcluded, Sample.Noon)] },
            Sample.Jobs(Specification, Sample.Ready),
            []).Status);

    private static CampaignState Left(string code)
    {
        var state = Sample.State(Specification, Sample.Device());
        return state with { Departures = [new Departure(state.Devices[0].Device, code, Sample.Noon)] };
    }

    private static string[] Runs(CampaignState state) =>
        [.. state.Devices.SelectMany(device => Reconciliation.Wanted(Sample.Campaign, state.Specification!, device)).Select(run => run.Run)];

    private static Reconciliation Decide(
        CampaignState state, Dictionary<string, JobView> jobs, IReadOnlyCollection<string> closed, Validity validity = Validity.Valid) =>
        Reconciliation.Of(
            state,
            state.Devices.SelectMany(device => Reconciliation.Wanted(Sample.Campaign, state.Specification!, device)),
            jobs,
            closed.ToDictionary(run => run, _ => validity));

    [Fact]
    public void Runs_have_names_of_their_own()
    {
        var specification = Sample.Specification($"{Sample.File}\nreplicates: 2\n");
        var runs = new[] { Sample.Device("a"), Sample.Device("b") }.SelectMany(device => Reconciliation.Wanted("c", specification, device)).ToArray();
        Assert.Equal(2 * 3 * 2 * 2, runs.Select(run => run.Run).Distinct().Count());
        Assert.Equal(specification.RunsPerDevice * 2, runs.Length);
        Assert.NotEqual(runs[0].Run, Reconciliation.Wanted("d", specification, Sample.Device("a")).First().Run);
    }

    [Fact]
    public void Where_the_first_of_a_chain_failed_all_that_hang_on_it_are_closed()
    {
        var specification = Sample.Specification("""
            name: n
            task: uci-har
            reference: small-2x
            variants:
              - { method: small, compression: 2 }
              - method: dense
              - { method: hmd, compression: 2, from: dense, precision: [fp32, int8] }
            """);
        var state = Sample.State(specification, Sample.Device());
        var jobs = new Dictionary<string, JobView>
        {
            [specification.Variants[0].Key] = Sample.Ready(specification.Variants[0]),
            [specification.Variants[1].Key] = Sample.Failed(specification.Variants[1], "it diverged"),
        };
        var wanted = Reconciliation.Wanted(Sample.Campaign, specification, state.Devices[0]).ToArray();
        var measured = wanted.Where(run => run.Variant.Name == "small-2x").Select(run => run.Run).ToDictionary(run => run, _ => Validity.Valid);
        var plan = Reconciliation.Of(state, wanted, jobs, measured);
        Assert.Empty(plan.Train);
        Assert.Equal(
            [
                ("dense", new Reason(ReasonCodes.TrainingFailed, Detail: "it diverged")),
                ("hmd-2x-from-dense", new Reason(ReasonCodes.DependencyFailed, Detail: "dense: it diverged")),
                ("hmd-2x-from-dense-int8", new Reason(ReasonCodes.DependencyFailed, Detail: "dense: it diverged")),
            ],
            plan.Close.Select(run => (run.Wanted.Variant.Name, run.Reason)).Distinct());
    }
}
