using System.Net;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Reasons;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Storage.Sqlite;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Campaigns;

public sealed class DamagedResultTests : CampaignScene
{
    [Fact]
    public async Task A_damaged_result_is_named_wherever_results_are_shown_and_hides_no_other()
    {
        var created = await SubmitAsync("damaged");
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var lease = await agent.LeaseAsync();
        await agent.FinishAsync(lease);
        await EndedAsync(created.Campaign, CampaignStatus.Completed);
        var (row, blocks) = (lease.Variants[1].Runs[0].Run, lease.Variants[1].Runs[1].Run);
        using (var connection = silo.Services.GetRequiredService<SqliteDatabase>().Open())
        {
            SqliteDatabase.Execute(connection, $"UPDATE results SET row = json_set(row, '$.variant_name', null) WHERE run = '{row}'");
            SqliteDatabase.Execute(connection, $"UPDATE results SET measurement = CAST('{{\"blocks\":null}}' AS BLOB) WHERE run = '{blocks}'");
        }

        var rows = await RowsAsync(created.Campaign);
        Assert.Equal(4, rows.Length);
        var damaged = Assert.Single(rows, one => !one.IsReadable);
        Assert.Equal((row, new Reason(ReasonCodes.RowUnreadable, Detail: "variant_name is null")), (damaged.Run, Assert.Single(damaged.Reasons)));
        Assert.Equal(4, (await silo.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignTable, created.Campaign), ProtocolJson.Default.CampaignTable)).Rows.Count);

        var report = await silo.Http.GetStringAsync(ApiRoutes.Of(ApiRoutes.CampaignReport, created.Campaign));
        Assert.Contains($"run {row}", report, StringComparison.Ordinal);
        Assert.Contains("this row cannot be read: variant_name is null", report, StringComparison.Ordinal);
        Assert.Contains($"(run {blocks})", report, StringComparison.Ordinal);
        Assert.Contains("its blocks cannot be read", report, StringComparison.Ordinal);

        var why = await silo.GetAsync(ApiRoutes.WhyOf(row), ProtocolJson.Default.Explanation);
        Assert.Contains("cannot be read", Assert.Single(why.Causes).Text, StringComparison.Ordinal);
        var metrics = await silo.Http.GetStringAsync("/metrics");
        Assert.Contains("fleet_campaign_rows_unreadable{", metrics, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync(ApiRoutes.Devices)).StatusCode);
    }
}
