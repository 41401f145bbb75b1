using Fleet.Cli.Terminals;
using Fleet.Cli.Tests.Support;
using Fleet.Cli.Views;
using Microsoft.Extensions.Time.Testing;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;

namespace Fleet.Cli.Tests.Views;

public sealed class ListTests
{
    private readonly FakeTimeProvider time = new(Samples.Start);

    [Fact]
    public void A_running_campaign_fits_eighty_columns()
    {
        const string expected = """
            uci-har-3f2a9c running: variants 2/5, runs 4/10, about 2 min 10 s left

            variant  state     epoch   loss  validation  parameters  compr.  left
            dense    ready         -      -           -      19.5 k   1.00x
            hmd-4x   training   7/25  0.313      91.4 %      19.5 k   1.00x  41 s

            device  state      session               runs  doing
            pi4     measuring  [#####.......]  42 %  4/10  measuring window, round 3

            """;
        var detail = Samples.Detail(Samples.Summary(), Samples.Job("dense", JobStatus.Ready), Samples.Job("hmd-4x", JobStatus.Training, 7, 0.3127));
        Assert.Equal(expected, Drawing.Draw(80, width => CampaignView.Render(detail, width, 24)));
    }

    [Fact]
    public void A_campaign_of_many_variants_fits_a_small_window_and_shows_those_that_move()
    {
        var jobs = Enumerable.Range(0, 100).Select(
            i => Samples.Job($"hmd-{i}x", i == 77 ? JobStatus.Training : i < 50 ? JobStatus.Ready : JobStatus.Queued)).ToArray();
        var text = Drawing.Draw(80, width => CampaignView.Render(Samples.Detail(Samples.Summary(), jobs), width, 24));
        Assert.True(text.Split('\n').Length <= 24, text);
        Assert.Contains("hmd-77x", text, StringComparison.Ordinal);
        Assert.Contains("more", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reason_of_a_failed_variant_is_shown()
    {
        var failed = Samples.Job("lmf-4x", JobStatus.Failed) with { Reason = "The loss became infinite in epoch 3; try a lower learning rate." };
        var text = Drawing.Draw(80, width => JobTable.Of([failed]).Draw(width));
        Assert.Contains("reason", text, StringComparison.Ordinal);
        Assert.Contains("lower", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Variants_and_runs_that_failed_are_counted_each_beside_its_own() => Assert.Equal(
        "aa11 failed: variants 4/5 (1 failed), runs 10/10 (3 failed)",
        CampaignView.Head(Samples.Summary(CampaignStatus.Failed, 4, 10, 3, id: "aa11") with { VariantsFailed = 1 }));

    [Fact]
    public void Campaigns_fit_eighty_columns()
    {
        const string expected = """
            campaign       name    state   variants  runs failed       left started
            uci-har-3f2a9c uci-har running      2/5  4/10      0 2 min 10 s 2026-03-01 09:30
            aa11           sweep   failed       5/5 10/10      3            2026-03-01 09:30

            """;
        Assert.Equal(
            expected,
            Drawing.Draw(
                80,
                width => Lists.Campaigns([Samples.Summary(), Samples.Summary(CampaignStatus.Failed, 5, 10, 3, id: "aa11", name: "sweep")], time).Draw(width)));
    }

    [Fact]
    public void Devices_fit_eighty_columns()
    {
        const string expected = """
            device  state   board                           arch   isa   doing
            pi4     idle    Raspberry Pi 4 Model B Rev 1.4  arm64  neon  waits for work
            pi5     silent  Raspberry Pi 4 Model B Rev 1.4  arm64  neon  waits for work

            """;
        Assert.Equal(
            expected, Drawing.Draw(80, width => Lists.Devices([Samples.DeviceOf(), Samples.DeviceOf("pi5", "x", DeviceStatus.Silent)], time).Draw(width)));
    }

    [Fact]
    public void Jobs_fit_eighty_columns()
    {
        const string expected = """
            variant  seed  key           task     state     epoch   loss  validation  left
            dense       1  d6a98598212e  uci-har  ready         -      -           -
            hmd-4x      2  1067e00dc241  uci-har  training   7/25  0.313      91.4 %  41 s

            """;
        Assert.Equal(
            expected,
            Drawing.Draw(
                80,
                width => JobTable.Of(
                    [Samples.Job("dense", JobStatus.Ready) with { Seed = 1 }, Samples.Job("hmd-4x", JobStatus.Training, 7, 0.3127) with { Seed = 2 }],
                    withKeys: true).Draw(width)));
    }

    [Fact]
    public void A_device_is_shown_with_all_that_it_says_of_itself()
    {
        var text = Drawing.Draw(80, _ => Lists.Device(Samples.DeviceOf(), time));
        Assert.Contains("arch=arm64, room=lab", text, StringComparison.Ordinal);
        Assert.Contains("temperature celsius  51.25", text, StringComparison.Ordinal);
        Assert.Contains("last seen            2026-03-01 09:30", text, StringComparison.Ordinal);
    }
}
