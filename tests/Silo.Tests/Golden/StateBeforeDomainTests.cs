using Fleet.Domain.Measuring;
using Fleet.Architecture.Tests;
using Fleet.Campaigns.Language;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Protocol.V1;
using Fleet.Silo.Tests.Running;

namespace Fleet.Silo.Tests.Golden;

/// <summary>
/// The database of the last silo before the words of the domain had a room of their own, killed with SIGKILL while the device attic held a
/// session. Its campaigns ended in every way, or are paused or running; devices fell silent, were excluded, and were removed; one model is imported,
/// and two campaigns are of a suite. Their files are in <c>Campaigns</c>.
/// </summary>
public sealed class StateBeforeDomainTests : IAsyncLifetime
{
    public const string State = "0.1.1-pre";

    /// <summary>Of the session that was open, and of the device's grants.</summary>
    private const ulong Epoch = 34;

    private const string Here = "tests/Silo.Tests/Golden/Campaigns";

    private GoldenSilo golden = null!;

    /// <summary>Names of the campaigns, and of the files and benchmarks that they came of.</summary>
    public static TheoryData<string, string, string?> Files =>
    [
        .. Checkout.Files(Here, ".yaml").Where(path => !path.EndsWith("suite.yaml", StringComparison.Ordinal)).Select(path =>
            new TheoryDataRow<string, string, string?>($"golden-{Path.GetFileNameWithoutExtension(path)}", path, null)),
        new("golden-suite-har", $"{Here}/suite.yaml", "har"),
        new("golden-suite-digits", $"{Here}/suite.yaml", "digits"),
    ];

    public async ValueTask InitializeAsync() => golden = await GoldenSilo.StartAsync(State);

    public ValueTask DisposeAsync() => golden.DisposeAsync();

    [Fact]
    public async Task Its_campaigns_are_as_they_were() => Assert.Equal(
        [
            ("golden-training", CampaignStatus.Running, 0, 0),
            ("golden-open", CampaignStatus.Running, 2, 0),
            ("golden-paused", CampaignStatus.Paused, 4, 0),
            ("golden-noresult", CampaignStatus.Completed, 3, 3),
            ("golden-crashed", CampaignStatus.Completed, 3, 3),
            ("golden-import", CampaignStatus.Completed, 8, 0),
            ("golden-left", CampaignStatus.Completed, 48, 36),
            ("golden-cancelled", CampaignStatus.Cancelled, 0, 0),
            ("golden-partly", CampaignStatus.Completed, 4, 4),
            ("golden-failed", CampaignStatus.Failed, 6, 6),
            ("golden-lm", CampaignStatus.Completed, 6, 0),
            ("golden-suite-digits", CampaignStatus.Completed, 6, 0),
            ("golden-suite-har", CampaignStatus.Completed, 3, 0),
            ("golden-nodevice", CampaignStatus.Running, 0, 0),
            ("golden-all", CampaignStatus.Completed, 68, 0),
        ],
        (await golden.CampaignsAsync()).Select(campaign => (campaign.Name, campaign.State, campaign.RunsClosed, campaign.RunsFailed)));

    [Fact]
    public async Task Its_rows_say_in_many_ways_why_they_are_not_valid()
    {
        var codes = new HashSet<string>();
        foreach (var campaign in await golden.CampaignsAsync())
        {
            codes.UnionWith((await RowsAsync(campaign.Campaign)).SelectMany(row => row.Reasons).Select(reason => reason.Code));
        }

        Assert.Equal(
            [
                ReasonCodes.CoreShared,
                ReasonCodes.CoreTaken,
                ReasonCodes.DependencyFailed,
                ReasonCodes.DeviceExcluded,
                ReasonCodes.DeviceRemoved,
                ReasonCodes.DeviceSilent,
                ReasonCodes.NoResult,
                ReasonCodes.OthersBusy,
                ReasonCodes.SessionFailed,
                ReasonCodes.TooFewRounds,
                ReasonCodes.TrainingFailed,
                ReasonCodes.Unsettled,
                ReasonCodes.WorkerDied,
            ],
            codes.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_campaign_file_makes_the_campaign_that_is_stored(string name, string path, string? benchmark)
    {
        var stored = await golden.SpecificationAsync(await golden.FindAsync(name));
        var (specification, problems) = CampaignFiles.Bind(new CampaignSubmission
        {
            File = new CampaignFile { Source = path, Text = Checkout.Read(path), Benchmark = benchmark },
            Data = [stored.Data],
            Model = Imported(stored),
        });

        Assert.Empty(problems);
        Assert.Equal(stored.Digest, specification!.Digest);
        Assert.Equal(
            stored.Variants.Select(variant => (variant.Key, variant.Name, variant.Seed, variant.Dense)),
            specification.Variants.Select(variant => (variant.Key, variant.Name, variant.Seed, variant.Dense)));
        Assert.Equal(stored.Devices, specification.Devices);
        Assert.Equal(stored.Conditions, specification.Conditions);
        // All the rest; lists are equal to themselves alone.
        Assert.Equal(stored, specification with { Variants = stored.Variants, Devices = stored.Devices, Conditions = stored.Conditions });
    }

    [Fact]
    public async Task A_late_report_of_the_session_that_was_open_at_the_kill_is_taken()
    {
        var campaign = await golden.FindAsync("golden-open");
        var attic = await DeviceAsync("attic");
        var lease = new Lease { Session = Identity.Session(attic.Device, Epoch), Epoch = Epoch };

        await using var agent = await FakeAgent.ConnectAsync(golden.Running, attic.Device, session: lease.Session, epoch: lease.Epoch);
        Assert.NotNull((await agent.BeatAsync(lease)).HeartbeatAnswer.LeaseUntil);
        var done = (await RowsAsync(campaign)).First(row => row.Session == lease.Session);
        var job = (await golden.Running.DetailAsync(campaign)).Jobs.Single(job => job.Variant == done.Variant);
        var variant = new LeasedVariant { Variant = job.Variant, Model = new Artefact { Sha256 = job.ModelSha256 } };
        var open = Identity.Run(campaign, job.Variant, attic.Device, GoldenSilo.ConditionOf(done) with { Mode = InferenceMode.Streaming }, 1);

        // The agent never heard that the first was stored; the second it measured while the silo was away.
        Assert.Equal(ReportOutcome.Stored, (await ReportAsync(done.Run)).Outcome);
        Assert.Equal(ReportOutcome.Stored, (await ReportAsync(open)).Outcome);
        Assert.Equal([done.Run, open], (await RowsAsync(campaign)).Where(row => row.Variant == job.Variant).Select(row => row.Run).OrderBy(run => run == open));

        Task<ReportAnswer> ReportAsync(string run) => agent.ReportAsync(FakeAgent.Report(lease, variant, new LeasedRun { Run = run }));
    }

    [Fact]
    public async Task Devices_that_left_a_running_campaign_are_known_and_may_take_part_again()
    {
        var campaign = await golden.FindAsync("golden-open");
        var devices = (await golden.Running.DetailAsync(campaign)).Devices;
        Assert.Equal(
            new() { ["cellar"] = ReasonCodes.DeviceSilent, ["shed"] = ReasonCodes.DeviceExcluded, ["porch"] = ReasonCodes.DeviceRemoved },
            devices.Where(device => device.Left is not null).ToDictionary(device => device.Name, device => device.Left));

        await using var cellar = await FakeAgent.ConnectAsync(golden.Running, (await DeviceAsync("cellar")).Device);
        Assert.Equal(campaign, (await cellar.LeaseAsync()).Campaign);
        await golden.Running.UntilAsync(campaign, detail => detail.Devices.Single(device => device.Device == cellar.Device).Left is null);

        await using var shed = await FakeAgent.ConnectAsync(golden.Running, (await DeviceAsync("shed")).Device);
        var refused = await shed.AskAsync(new AgentMessage { WorkRequest = new WorkRequest() });
        Assert.Contains("excluded", refused.NoWork.Reason, StringComparison.Ordinal);
        using var answer = await golden.Running.Http.DeleteAsync(ApiRoutes.ExclusionOf(campaign, shed.Device));
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(campaign, (await shed.LeaseAsync()).Campaign);
    }

    private async Task<DeviceSummary> DeviceAsync(string name) =>
        (await golden.Running.GetAsync(ApiRoutes.Devices, ProtocolJson.Default.DeviceSummaryArray)).Single(device => device.Name == name);

    private static ImportedModel? Imported(CampaignSpecification campaign) =>
        campaign.Variants.Select(variant => variant.Recipe).FirstOrDefault(recipe => recipe.Import is not null) is not { } dense
            ? null
            : new ImportedModel
            {
                Sha256 = dense.Import!.Sha256,
                Cell = dense.Cell,
                Hidden = dense.Hidden,
                Layers = dense.LayerCount,
                Bidirectional = dense.Bidirectional,
            };

    private Task<ResultRow[]> RowsAsync(string campaign) =>
        golden.Running.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignResults, campaign), ProtocolJson.Default.ResultRowArray);
}
