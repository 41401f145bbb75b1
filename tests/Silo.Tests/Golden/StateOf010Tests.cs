using Fleet.Campaigns.Language;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Reasons;
using Fleet.Domain.Tasks;
using Fleet.Protocol;
using Fleet.Protocol.Api;

namespace Fleet.Silo.Tests.Golden;

/// <summary>
/// The database of a silo of version 0.1.0 that was killed with SIGKILL, with every kind of variant: one campaign measured on a virtual machine
/// with both cores busy, one cancelled, one paused, one without a device, and one whose training had begun.
/// </summary>
public sealed class StateOf010Tests : IAsyncLifetime
{
    public const string State = "0.1.0";

    private const string All = "golden-all-1def11";

    private GoldenSilo golden = null!;

    public async ValueTask InitializeAsync() => golden = await GoldenSilo.StartAsync(State);

    public ValueTask DisposeAsync() => golden.DisposeAsync();

    [Fact]
    public async Task Its_campaigns_are_as_they_were()
    {
        var campaigns = await golden.CampaignsAsync();
        Assert.Equal(
            [
                ("golden-running-e7fd0a", CampaignStatus.Running, 0),
                ("golden-paused-b0debf", CampaignStatus.Paused, 0),
                ("golden-nodevice-68c8ba", CampaignStatus.Running, 0),
                ("golden-cancelled-69bb2e", CampaignStatus.Cancelled, 0),
                (All, CampaignStatus.Completed, 56),
            ],
            campaigns.Select(campaign => (campaign.Campaign, campaign.State, campaign.RunsClosed)));
        Assert.All(campaigns, campaign => Assert.Equal(28, campaign.Variants));

        // What was measured then is ranked now.
        var table = await golden.Running.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignTable, All), ProtocolJson.Default.CampaignTable);
        Assert.Equal(56, table.Rows.Count);
        Assert.Contains(table.Rows, row => row.Verdict == "reference");
    }

    [Fact]
    public async Task Its_rows_have_their_reasons_as_data()
    {
        var rows = await golden.Running.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignResults, All), ProtocolJson.Default.ResultRowArray);
        Assert.Equal(56, rows.Length);
        var reasons = rows.SelectMany(row => row.Reasons).ToArray();
        Assert.Contains(reasons, reason => reason is { Code: ReasonCodes.CoreTaken, Count: > 0 });
        Assert.Contains(reasons, reason => reason is { Code: ReasonCodes.TooFewRounds, Count: 0 or 1, Total: 6, Detail: "time limit" });
        Assert.All(reasons, reason => Assert.True(
            reason.Code == ReasonCodes.Text ? reason.Detail is { Length: > 0 } : reason.Count <= reason.Total,
            reason.ToString()));
    }

    [Theory]
    [InlineData("all", 2, "")]
    [InlineData("cancelled", 5, "")]
    [InlineData("paused", 3, "")]
    [InlineData("running", 60, "")]
    [InlineData("nodevice", 2, "devices: [arch=arm64]")]
    public async Task Campaigns_and_variants_are_named_as_then(string name, int epochs, string devices)
    {
        var stored = await golden.SpecificationAsync(await golden.FindAsync($"golden-{name}"));
        var file = new CampaignFile { Source = "golden.yaml", Text = Text(name, epochs, devices) };
        var (specification, problems) = CampaignFiles.Bind(new CampaignSubmission { File = file, Data = [Data] });

        Assert.Empty(problems);
        Assert.Equal(stored.Digest, specification!.Digest);
        Assert.Equal(stored.Variants.Select(variant => (variant.Key, variant.Name)), specification.Variants.Select(variant => (variant.Key, variant.Name)));
    }

    private static TaskData Data { get; } = new()
    {
        Task = "synthetic-har",
        TrainingSha256 = "8d938fa73c6418c8701f3881e03a18630199194dfb6fbe31e005e6bac5a6a450",
        TestSha256 = "5f84f5f2f6461999f4175124d5e4f23f38884d8d425a7a80f4bf0a5a57b62839",
        Input = 9,
        Steps = 128,
        Classes = 6,
        TrainingSamples = 1920,
        TestSamples = 960,
    };

    private static string Text(string name, int epochs, string devices) => $$"""
        name: golden-{{name}}
        task: synthetic-har
        model: { cell: gru, hidden: 48 }
        training: { epochs: {{epochs}}, batch_size: 64, learning_rate: 0.003, clip_norm: 1, validation_fraction: 0.1 }
        seeds: [1, 2]
        variants:
          - { method: dense, precision: [fp32, int8] }
          - { method: hmd, compression: [2, 4], precision: [fp32, int8] }
          - { method: lmf, compression: 4 }
          - { method: pruned, compression: 4 }
          - { method: block-sparse, compression: 2 }
          - { method: kronecker, compression: 4 }
          - { method: doped-kronecker, compression: 4 }
          - { method: small, compression: 2, distil: { weight: 0.5, temperature: 2 } }
          - { method: hmd, compression: 2, from: dense, fine_tune: { epochs: 1, learning_rate: 0.001 } }
          - { method: hmd, compression: 4, precision: int8, quantisation: aware, from: fp32, fine_tune: { epochs: 1, learning_rate: 0.0005 } }
        reference: dense
        measuring: { max_rounds: 6, min_rounds: 3 }
        {{devices}}
        """;
}
