using System.Net;
using System.Net.Http.Json;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Results;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Tests.Running;

namespace Fleet.Silo.Tests.Campaigns;

/// <summary>What tests do with campaigns.</summary>
public abstract class CampaignScene : SiloScene
{
    public const string File = """
        name: small
        task: synthetic-har
        model: { hidden: 16 }
        variants:
          - method: dense
          - { method: hmd, compression: 2 }
        """;

    private protected async Task<CampaignCreated> SubmitAsync(string salt) => await silo.SubmitAsync(await silo.SubmissionAsync(File, salt));

    private protected Task<CampaignDetail> EndedAsync(string campaign, CampaignStatus state) =>
        silo.UntilAsync(campaign, detail => detail.Summary.State == state);

    private protected Task<ResultRow[]> RowsAsync(string campaign) =>
        silo.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignResults, campaign), ProtocolJson.Default.ResultRowArray);

    private protected async Task<CampaignSummary> CommandAsync(string route, string campaign)
    {
        using var response = await silo.Http.PostAsync(ApiRoutes.Of(route, campaign), null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.CampaignSummary))!;
    }
}
