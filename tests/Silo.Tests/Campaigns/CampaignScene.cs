using System.Net;
using System.Net.Http.Json;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Results;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Campaigns;

/// <summary>A silo for one test, and what its tests do with campaigns.</summary>
public abstract class CampaignScene : IAsyncLifetime
{
    public const string File = """
        name: small
        task: synthetic-har
        model: { hidden: 16 }
        variants:
          - method: dense
          - { method: hmd, compression: 2 }
        """;

    private protected readonly TemporaryFolder folder = new();
    private protected RunningSilo silo = null!;

    public async ValueTask InitializeAsync() => silo = await RunningSilo.StartAsync(folder.Path, Configure);

    /// <summary>Replaces services of the silo.</summary>
    private protected virtual void Configure(IServiceCollection services)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        folder.Dispose();
    }

    private protected async Task<CampaignCreated> SubmitAsync(string salt) => await silo.SubmitAsync(await silo.SubmissionAsync(File, salt));

    private protected Task<CampaignDetail> EndedAsync(string campaign, string state) => silo.UntilAsync(campaign, detail => detail.Summary.State == state);

    private protected Task<ResultRow[]> RowsAsync(string campaign) => silo.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignResults, campaign), ProtocolJson.Default.ResultRowArray);

    private protected async Task<CampaignSummary> CommandAsync(string route, string campaign)
    {
        using var response = await silo.Http.PostAsync(ApiRoutes.Of(route, campaign), null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.CampaignSummary))!;
    }
}
