using System.Text.Json;
using Fleet.Campaigns.Json;
using Fleet.Campaigns.Leases;
using Fleet.Campaigns.Sessions;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Reasons;

namespace Fleet.Campaigns.Tests.Leases;

public sealed class LeaseRulesTests
{
    private static readonly CampaignSpecification Specification = Sample.Specification();
    private static readonly SessionOffer Offer = OfferOf(Specification);
    private static readonly DeviceState Enrolled = new() { Description = Sample.Device() };

    [Fact]
    public void Epochs_only_grow_and_no_two_sessions_have_one_name()
    {
        var (first, one) = Grant(Enrolled);
        var (_, two) = Grant(first);
        Assert.Equal((1UL, 2UL), (one.Epoch, two.Epoch));
        Assert.NotEqual(one.Session, two.Session);
    }

    [Fact]
    public void A_session_remembers_the_device_as_it_was_when_it_was_granted()
    {
        var (state, granted) = Grant(Enrolled);
        var upgraded = state with { Description = state.Description! with { Runtime = "aot" } };
        Assert.Equal(Enrolled.Description, granted.Device);
        Assert.Equal(Enrolled.Description, upgraded.Held!.Device);
    }

    [Fact]
    public void Only_the_latest_grant_is_held()
    {
        var (first, one) = Grant(Enrolled);
        var (second, two) = Grant(first);
        Assert.False(LeaseRules.Holds(second, one.Session, one.Epoch));
        Assert.True(LeaseRules.Holds(second, two.Session, two.Epoch));
        Assert.False(LeaseRules.Holds(second, two.Session, one.Epoch));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    public void A_lease_that_has_run_out_is_no_hold_any_longer(int leftSeconds, bool holds)
    {
        var (state, granted) = Grant(Enrolled);
        var seen = Sample.Entry(state.Description!, Sample.Noon);
        var listed = DeviceSummaries.Of(state, seen, null, Sample.Noon, Sample.Noon.AddSeconds(leftSeconds), Sample.Noon, new LeaseOptions());
        Assert.Equal(
            holds ? (granted.Session, granted.Offer.Campaign, Sample.Noon.AddSeconds(leftSeconds)) : (null, null, (DateTimeOffset?)null),
            (listed.Session, listed.Campaign, listed.LeaseUntil));
    }

    [Fact]
    public void A_removed_device_that_comes_back_has_no_past_but_its_epochs_and_what_it_may_still_deliver()
    {
        var (state, granted) = Grant(Enrolled with { RunsDone = 3 });
        var forgotten = LeaseRules.Forget(state);
        Assert.Equal((null, null, 0), (forgotten.Description, forgotten.Held, forgotten.RunsDone));
        Assert.Null(LeaseRules.Refuse(forgotten, Report(granted)));
        Assert.Equal(2UL, Grant(forgotten with { Description = Enrolled.Description }).Granted.Epoch);
    }

    [Fact]
    public void A_report_of_an_earlier_epoch_that_was_really_granted_is_taken()
    {
        var (first, one) = Grant(Enrolled);
        var (second, _) = Grant(first);
        Assert.Null(LeaseRules.Refuse(second, Report(one)));
    }

    [Fact]
    public void A_report_of_what_was_never_granted_is_refused_with_the_reason()
    {
        var (state, granted) = Grant(Enrolled);
        Assert.Contains("was not granted", LeaseRules.Refuse(state, Report(granted) with { Epoch = 7 }));
        Assert.Contains("was not granted", LeaseRules.Refuse(state, Report(granted) with { Session = "other-1" }));
        Assert.Contains("was not part of session", LeaseRules.Refuse(state, Report(granted) with { Run = "x" }));
        Assert.Contains("is of variant", LeaseRules.Refuse(state, Report(granted) with { Variant = "x" }));
        Assert.Contains("was leased with model", LeaseRules.Refuse(state, Report(granted) with { ModelSha256 = new string('0', 64) }));
    }

    [Fact]
    public void A_run_that_failed_before_its_model_was_there_is_taken()
    {
        var (state, granted) = Grant(Enrolled);
        Assert.Null(
            LeaseRules.Refuse(state, Report(granted) with { ModelSha256 = "", Failure = new(ReasonCodes.ArtefactUnusable, Detail: "no route to the silo") }));
        Assert.NotNull(LeaseRules.Refuse(state, Report(granted) with { ModelSha256 = "" }));
    }

    [Fact]
    public void A_session_is_forgotten_once_all_its_runs_are_answered()
    {
        var (state, granted) = Grant(Enrolled);
        foreach (var run in Offer.Variants.SelectMany(variant => variant.Runs))
        {
            state = LeaseRules.Answer(state, granted.Session, run.Run, stored: true);
        }

        Assert.Equal(6, state.RunsDone);
        Assert.Equal([2UL], Grant(state).State.Sessions.Select(session => session.Epoch));
    }

    [Fact]
    public void No_more_sessions_are_remembered_than_the_bound()
    {
        var state = Enrolled;
        for (var i = 0; i < LeaseRules.MaxRemembered + 5; i++)
        {
            state = Grant(state).State;
        }

        Assert.Equal(LeaseRules.MaxRemembered, state.Sessions.Length);
        Assert.Equal((ulong)LeaseRules.MaxRemembered + 5, state.Sessions[^1].Epoch);
    }

    [Fact]
    public void Runs_are_given_up_after_so_many_sessions_without_a_result()
    {
        var state = Enrolled;
        for (var i = 1; i < LeaseRules.MaxConsecutiveFailures; i++)
        {
            (state, var none) = EndOne(state, countsAsFailure: true);
            Assert.Null(none);
        }

        (state, var givenUp) = EndOne(state, countsAsFailure: true);
        Assert.Equal(6, givenUp!.Unanswered().Count());
        Assert.Empty(state.ConsecutiveFailures);
    }

    [Fact]
    public void A_session_that_was_interrupted_does_not_count_against_the_board()
    {
        var state = Enrolled;
        for (var i = 0; i < LeaseRules.MaxConsecutiveFailures * 2; i++)
        {
            (state, var givenUp) = EndOne(state, countsAsFailure: false);
            Assert.Null(givenUp);
        }
    }

    [Fact]
    public void One_result_makes_up_for_the_sessions_without()
    {
        var (state, _) = EndOne(Enrolled, countsAsFailure: true);
        Assert.Single(state.ConsecutiveFailures);
        (state, var granted) = Grant(state);
        state = LeaseRules.Answer(state, granted.Session, Offer.Variants[0].Runs[0].Run, stored: true);
        Assert.Empty(LeaseRules.End(state, granted.Session, granted.Epoch, countsAsFailure: true).State.ConsecutiveFailures);
    }

    [Fact]
    public void The_reference_measured_again_is_no_result()
    {
        var again = Offer with { Variants = Offer.Variants.SetItem(0, Offer.Variants[0] with { ReferenceOnly = true }) };
        var (state, granted) = LeaseRules.Grant(Enrolled, again, Sample.Noon);
        state = LeaseRules.Answer(state, granted.Session, again.Variants[0].Runs[0].Run, stored: false);
        Assert.Single(LeaseRules.End(state, granted.Session, granted.Epoch, countsAsFailure: true).State.ConsecutiveFailures);
    }

    [Fact]
    public void The_end_of_a_session_that_is_not_held_changes_nothing()
    {
        var (first, one) = Grant(Enrolled);
        var (second, _) = Grant(first);
        Assert.Same(second, LeaseRules.End(second, one.Session, one.Epoch, countsAsFailure: true).State);
    }

    [Fact]
    public void Consecutive_failures_are_stored_under_the_name_that_they_always_had()
    {
        var (state, _) = EndOne(Enrolled, countsAsFailure: true);
        var json = JsonSerializer.SerializeToElement(state, CampaignsJson.Default.DeviceState);
        Assert.Equal(1, json.GetProperty("fruitless").GetProperty(Offer.Campaign).GetInt32());
        Assert.Equal(state.ConsecutiveFailures, json.Deserialize(CampaignsJson.Default.DeviceState)!.ConsecutiveFailures);
    }

    private static (DeviceState State, GrantedSession Granted) Grant(DeviceState state) => LeaseRules.Grant(state, Offer, Sample.Noon);

    private static (DeviceState State, GrantedSession? GivenUp) EndOne(DeviceState state, bool countsAsFailure)
    {
        var (next, granted) = Grant(state);
        return LeaseRules.End(next, granted.Session, granted.Epoch, countsAsFailure);
    }

    private static DeviceReport Report(GrantedSession granted)
    {
        var variant = granted.Offer.Variants[0];
        return new DeviceReport
        {
            Run = variant.Runs[0].Run,
            Session = granted.Session,
            Epoch = granted.Epoch,
            Variant = variant.Variant.Key,
            ModelSha256 = variant.Model.Sha256,
            StartedAt = Sample.Noon,
            Measurement = default,
            Failure = null,
        };
    }

    private static SessionOffer OfferOf(CampaignSpecification specification) => SessionComposer.Compose(
        Sample.Campaign,
        specification,
        Sample.Jobs(specification, Sample.Ready),
        _ => false,
        new DeviceOffer(Sample.Device(), OnTrainingMachine: false),
        TimeSpan.Zero).Session!;
}
