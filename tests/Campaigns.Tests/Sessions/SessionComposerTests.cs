using Fleet.Domain.Measuring;
using Fleet.Campaigns.Jobs;
using Fleet.Campaigns.Running;
using Fleet.Campaigns.Sessions;
using Fleet.Campaigns.Specifications;

namespace Fleet.Campaigns.Tests.Sessions;

public sealed class SessionComposerTests
{
    private static readonly CampaignSpecification Specification = Sample.Specification();
    private static readonly DeviceOffer Remote = new(Sample.Device(), OnTrainingMachine: false);
    private static readonly DeviceOffer Local = new(Sample.Device(), OnTrainingMachine: true);

    [Fact]
    public void A_session_holds_the_reference_and_all_that_is_ready_in_every_mode()
    {
        var session = Compose(Sample.Jobs(Specification, Sample.Ready)).Session!;
        Assert.Equal(["dense", "hmd-2x", "hmd-4x"], session.Variants.Select(variant => variant.Variant.Name));
        Assert.Equal(Specification.Variants[0].Key, session.Reference);
        Assert.All(session.Variants, variant => Assert.Equal([InferenceMode.Window, InferenceMode.Streaming], variant.Runs.Select(run => run.Condition.Mode)));
        Assert.DoesNotContain(session.Variants, variant => variant.ReferenceOnly);
    }

    [Fact]
    public void A_variant_that_is_ready_late_comes_in_a_later_session_again_with_the_reference()
    {
        var done = Runs("dense").Concat(Runs("hmd-2x")).ToHashSet();
        var session = Compose(Sample.Jobs(Specification, Sample.Ready), done).Session!;
        Assert.Equal(["dense", "hmd-4x"], session.Variants.Select(variant => variant.Variant.Name));
        Assert.True(session.Variants[0].ReferenceOnly);
        Assert.Equal(2, session.Variants[0].Runs.Length);
        Assert.False(session.Variants[1].ReferenceOnly);
    }

    [Fact]
    public void Only_open_runs_are_leased_with_the_reference_in_their_modes()
    {
        var done = Runs("dense").Concat(Runs("hmd-2x")).Append(Runs("hmd-4x").First()).ToHashSet();
        var session = Compose(Sample.Jobs(Specification, Sample.Ready), done).Session!;
        Assert.All(session.Variants, variant => Assert.Equal([InferenceMode.Streaming], variant.Runs.Select(run => run.Condition.Mode)));
    }

    [Fact]
    public void Nothing_begins_before_the_reference_is_trained()
    {
        var proposal = Compose(Only("hmd-2x", "hmd-4x"), waited: SessionComposer.Patience * 2);
        Assert.Null(proposal.Session);
        Assert.Equal("Waiting for the reference dense to be trained.", proposal.Reason);
    }

    [Fact]
    public void A_board_elsewhere_begins_with_the_reference_and_one_more() =>
        Assert.Equal(["dense", "hmd-4x"], Compose(Only("dense", "hmd-4x")).Session!.Variants.Select(variant => variant.Variant.Name));

    [Fact]
    public void With_the_reference_alone_it_waits_for_company_but_not_for_ever()
    {
        Assert.Equal(
            "Waiting for a variant to compare with the reference.", Compose(Only("dense"), waited: SessionComposer.Patience - TimeSpan.FromSeconds(1)).Reason);
        Assert.Equal(["dense"], Compose(Only("dense"), waited: SessionComposer.Patience).Session!.Variants.Select(variant => variant.Variant.Name));
    }

    [Fact]
    public void A_board_on_the_training_machine_waits_until_every_variant_is_settled()
    {
        Assert.Equal(
            "Training comes first on this machine: 1 of 3 variants to go.",
            Compose(Only("dense", "hmd-2x"), device: Local, waited: SessionComposer.Patience * 2).Reason);

        var jobs = Only("dense", "hmd-2x");
        jobs[Specification.Variants[2].Key] = Sample.Failed(Specification.Variants[2], "it diverged");
        Assert.Equal(["dense", "hmd-2x"], Compose(jobs, device: Local).Session!.Variants.Select(variant => variant.Variant.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nobody_waits_for_what_learns_from_a_variant_that_could_not_be_trained(bool onTrainingMachine)
    {
        var learning = Sample.Specification("""
            name: n
            task: uci-har
            reference: lmf-2x
            variants:
              - { method: hmd, compression: 2, from: dense }
              - { method: lmf, compression: 2 }
              - method: dense
            """);
        var jobs = new Dictionary<string, JobView>
        {
            [learning.Variants[1].Key] = Sample.Ready(learning.Variants[1]),
            [learning.Variants[2].Key] = Sample.Failed(learning.Variants[2], "no memory"),
        };
        var device = onTrainingMachine ? Local : Remote;
        var session = SessionComposer.Compose(Sample.Campaign, learning, jobs, _ => false, device, TimeSpan.Zero).Session!;
        Assert.Equal(["lmf-2x"], session.Variants.Select(variant => variant.Variant.Name));
    }

    [Fact]
    public void A_campaign_of_the_reference_alone_begins_at_once()
    {
        var alone = Sample.Specification("name: n\ntask: uci-har\nvariants: [{ method: dense }]\n");
        Assert.NotNull(SessionComposer.Compose(Sample.Campaign, alone, Sample.Jobs(alone, Sample.Ready), _ => false, Remote, TimeSpan.Zero).Session);
    }

    [Fact]
    public void When_all_is_measured_there_is_nothing_to_do() =>
        Assert.Equal(
            "Every run of this device is done.",
            Compose(Sample.Jobs(Specification, Sample.Ready), [.. Specification.Variants.SelectMany(variant => Runs(variant.Name))]).Reason);

    [Fact]
    public void Replicates_and_seeds_come_in_sessions_of_their_own()
    {
        var specification = Sample.Specification($"{Sample.File}\nseeds: [1, 2]\nreplicates: 2\n");
        var jobs = Sample.Jobs(specification, Sample.Ready);
        var closed = new HashSet<string>();
        var sessions = new List<(int, long)>();
        while (SessionComposer.Compose(Sample.Campaign, specification, jobs, closed.Contains, Remote, TimeSpan.Zero).Session is { } session)
        {
            sessions.Add((session.Replicate, session.Variants.Select(variant => variant.Variant.Seed).Distinct().Single()));
            closed.UnionWith(session.Variants.SelectMany(variant => variant.Runs).Select(run => run.Run));
        }

        Assert.Equal([(1, 1L), (1, 2L), (2, 1L), (2, 2L)], sessions);
        Assert.Equal(specification.RunsPerDevice, closed.Count);
    }

    [Fact]
    public void Many_variants_come_in_several_sessions_each_with_the_reference()
    {
        var factors = string.Join(", ", Enumerable.Range(0, 40).Select(i => $"{2 + (i * 0.05):0.##}"));
        var specification = Sample.Specification($"name: n\ntask: uci-har\nvariants:\n  - method: dense\n  - {{ method: pruned, compression: [{factors}] }}\n");
        var jobs = Sample.Jobs(specification, Sample.Ready);
        var closed = new HashSet<string>();
        var sizes = new List<int>();
        while (SessionComposer.Compose(Sample.Campaign, specification, jobs, closed.Contains, Remote, TimeSpan.Zero).Session is { } session)
        {
            Assert.Equal("dense", session.Variants[0].Variant.Name);
            sizes.Add(session.Variants.Length);
            closed.UnionWith(session.Variants.SelectMany(variant => variant.Runs).Select(run => run.Run));
        }

        Assert.Equal([16, 16, 11], sizes);
    }

    private static IEnumerable<string> Runs(string name) =>
        Reconciliation.Wanted(Sample.Campaign, Specification, Remote.Description).Where(run => run.Variant.Name == name).Select(run => run.Run);

    private static Dictionary<string, JobView> Only(params string[] ready) =>
        Sample.Jobs(Specification, variant => ready.Contains(variant.Name) ? Sample.Ready(variant) : Sample.Training(variant));

    private static SessionProposal Compose(
        Dictionary<string, JobView> jobs, IReadOnlyCollection<string>? closed = null, DeviceOffer? device = null, TimeSpan waited = default) =>
        SessionComposer.Compose(Sample.Campaign, Specification, jobs, run => closed?.Contains(run) == true, device ?? Remote, waited);
}
