using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Sessions;
using Fleet.Domain.Campaigns;

namespace Fleet.Campaigns.Tests.Sessions;

public sealed class CampaignOrderTests
{
    [Fact]
    public void Priority_goes_before_age()
    {
        var campaigns = new[] { Entry("young", 0, age: 1), Entry("urgent", 5, age: 0), Entry("old", 0, age: 9) };
        Assert.Equal(["urgent", "old", "young"], CampaignOrder.For(Sample.Device(), campaigns));
    }

    [Fact]
    public void Campaigns_that_do_not_run_or_want_other_boards_are_passed_over()
    {
        var campaigns = new[]
        {
            Entry("paused", 0, 1, CampaignStatus.Paused),
            Entry("done", 0, 1, CampaignStatus.Completed),
            Entry("other", 0, 1, CampaignStatus.Running, "arch=x64"),
            Entry("mine", 0, 1, CampaignStatus.Running, "arch=arm64"),
        };
        Assert.Equal(["mine"], CampaignOrder.For(Sample.Device(), campaigns));
    }

    private static CampaignEntry Entry(string id, int priority, int age, CampaignStatus state = CampaignStatus.Running, params string[] devices) => new(
        new CampaignSummary
        {
            Campaign = id,
            Name = id,
            State = state,
            CreatedAt = Sample.Noon.AddHours(-age),
            Variants = 1,
            VariantsReady = 0,
            VariantsFailed = 0,
            Runs = 0,
            RunsClosed = 0,
            RunsFailed = 0,
        },
        "digest",
        priority,
        devices,
        "uci-har",
        null);
}
