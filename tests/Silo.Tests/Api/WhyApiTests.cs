using System.Net;
using System.Net.Http.Json;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Explanations;
using Fleet.Domain.Text;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Protocol.V1;
using Fleet.Silo.Tests.Campaigns;
using Fleet.Silo.Tests.Running;

namespace Fleet.Silo.Tests.Api;

public sealed class WhyApiTests : SiloScene
{
    [Fact]
    public async Task A_campaign_its_device_and_its_runs_are_explained_from_their_beginning_to_their_end()
    {
        var created = await silo.SubmitAsync(await silo.SubmissionAsync(CampaignTests.File, "why"));
        await silo.UntilAsync(created.Campaign, detail => detail.Summary.VariantsReady == 2);
        Assert.Equal("no-device", (await WhyAsync("last")).Causes[0].Kind.Word());

        await using var agent = await FakeAgent.ConnectAsync(silo);
        var lease = await agent.LeaseAsync();
        await agent.AskAsync(new AgentMessage
        {
            Heartbeat = new Heartbeat { Session = lease.Session, Epoch = lease.Epoch, State = AgentState.Measuring, Activity = "measuring window" },
        });
        var device = await WhyAsync(agent.Device[..8]);
        Assert.Equal(("device", agent.Device, "device-measures"), (device.Kind.Word(), device.Id, Assert.Single(device.Causes).Kind.Word()));
        Assert.Contains(created.Campaign, device.Causes[0].Text);

        var run = lease.Variants[0].Runs[0].Run;
        Assert.Equal(("run", run, "open"), await KindAsync(run[..10]));
        await agent.FinishAsync(lease);
        await silo.UntilAsync(created.Campaign, detail => detail.Summary.State == CampaignStatus.Completed);
        Assert.Equal(("run", run, "valid"), await KindAsync(run[..10]));
        Assert.Equal("done", Assert.Single((await WhyAsync("small")).Causes).Kind.Word());
    }

    [Fact]
    public async Task A_name_that_nothing_has_is_not_found_with_what_was_meant_perhaps()
    {
        await silo.SubmitAsync(await silo.SubmissionAsync(CampaignTests.File, "why not"));
        using var response = await silo.Http.GetAsync(ApiRoutes.WhyOf("smlal"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("There is no campaign, device or run 'smlal'. Did you mean 'small'?", await DetailAsync(response));
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.Problem))!.Detail;

    private async Task<(string Kind, string Id, string State)> KindAsync(string name)
    {
        var explanation = await WhyAsync(name);
        return (explanation.Kind.Word(), explanation.Id, explanation.State);
    }

    private Task<Explanation> WhyAsync(string name) => silo.GetAsync(ApiRoutes.WhyOf(name), ProtocolJson.Default.Explanation);
}
