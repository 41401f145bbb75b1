using Fleet.Campaigns.Specifications;
using Fleet.Domain.Jobs;
using Fleet.Domain.Measuring;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Protocol.V1;
using Fleet.Silo.Tests.Running;

namespace Fleet.Silo.Tests.Golden;

/// <summary>
/// Databases that earlier versions left behind. Whatever version comes must answer all that is asked of them, and name their variants and
/// runs as they are named there.
/// </summary>
public sealed class GoldenStateTests
{
    [Theory]
    [InlineData(StateOf010Tests.State)]
    [InlineData(StateBeforeDomainTests.State)]
    public async Task Everything_that_can_be_asked_is_answered(string state)
    {
        await using var golden = await GoldenSilo.StartAsync(state);
        var silo = golden.Running;
        foreach (var (campaign, summary) in (await golden.CampaignsAsync()).Select(summary => (summary.Campaign, summary)))
        {
            var detail = await silo.DetailAsync(campaign);
            Assert.Equal((summary.Name, summary.Variants), (detail.Summary.Name, detail.Jobs.Count));
            var rows = await silo.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignResults, campaign), ProtocolJson.Default.ResultRowArray);
            Assert.Equal(summary.RunsClosed, rows.Length);
            Assert.Equal(summary.RunsFailed, rows.Count(row => row.Validity == Validity.Failed));
            var table = await silo.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignTable, campaign), ProtocolJson.Default.CampaignTable);
            Assert.Equal(rows.Select(row => row.Run).Order(), table.Rows.Select(row => row.Row.Run).Order());
            Assert.Contains(summary.Name, await silo.Http.GetStringAsync(ApiRoutes.Of(ApiRoutes.CampaignReport, campaign)), StringComparison.Ordinal);
            foreach (var name in rows.Select(row => row.Run).Take(3).Append(campaign))
            {
                Assert.NotEmpty((await silo.GetAsync(ApiRoutes.WhyOf(name), ProtocolJson.Default.Explanation)).Causes);
            }
        }

        foreach (var device in await silo.DevicesAsync())
        {
            Assert.NotEmpty((await silo.GetAsync(ApiRoutes.WhyOf(device.Device), ProtocolJson.Default.Explanation)).Causes);
        }

        var jobs = await silo.JobsAsync();
        Assert.All(jobs, job => Assert.Equal(job.State == JobStatus.Ready, job.ModelSha256 is not null));
        Assert.Contains("fleet_campaign", await silo.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StateOf010Tests.State)]
    [InlineData(StateBeforeDomainTests.State)]
    public async Task Variants_and_runs_have_the_names_that_are_computed_today(string state)
    {
        await using var golden = await GoldenSilo.StartAsync(state);
        foreach (var campaign in await golden.CampaignsAsync())
        {
            var specification = await golden.SpecificationAsync(campaign.Campaign);
            Assert.All(specification.Variants, variant => Assert.Equal(
                variant.Key,
                Identity.Variant(specification.Data.Task, specification.Data.TrainingSha256, variant.Recipe, variant.Seed, variant.Dense)));
            var rows = await golden.Running.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignResults, campaign.Campaign), ProtocolJson.Default.ResultRowArray);
            Assert.All(rows, row => Assert.Equal(
                row.Run,
                Identity.Run(row.Campaign, row.Variant, row.Device, GoldenSilo.ConditionOf(row), row.Replicate)));
        }
    }

    [Theory]
    [InlineData(StateOf010Tests.State)]
    [InlineData(StateBeforeDomainTests.State)]
    public async Task A_paused_campaign_can_be_resumed_and_runs_on(string state)
    {
        await using var golden = await GoldenSilo.StartAsync(state);
        var silo = golden.Running;
        var campaign = await golden.FindAsync("golden-paused");
        using var answer = await silo.Http.PostAsync(ApiRoutes.Of(ApiRoutes.ResumeCampaign, campaign), null);
        Assert.True(answer.IsSuccessStatusCode);
        var detail = await silo.UntilAsync(campaign, detail => detail.Summary.VariantsReady == detail.Summary.Variants);
        var (before, specification) = (detail.Summary.RunsClosed, await golden.SpecificationAsync(campaign));

        await using var agent = await FakeAgent.ConnectAsync(silo);
        for (var done = 0; done < specification.RunsPerDevice;)
        {
            var lease = await agent.LeaseAsync();
            Assert.Equal(campaign, lease.Campaign);
            var answers = await agent.FinishAsync(lease);
            Assert.All(answers, report => Assert.Equal(ReportOutcome.Stored, report.Outcome));
            done += answers.Count;
        }

        await silo.UntilAsync(campaign, detail => detail.Summary.RunsClosed == before + specification.RunsPerDevice);
    }
}
