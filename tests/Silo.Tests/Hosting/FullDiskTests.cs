using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Fleet.Campaigns.Ports;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Protocol.V1;
using Fleet.Storage.Sqlite;
using Fleet.Silo.Tests.Campaigns;
using Fleet.Silo.Tests.Running;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Hosting;

/// <summary>A silo whose database may not grow, which SQLite reports as it does a full disk.</summary>
public sealed class FullDiskTests : SiloScene
{
    [Fact]
    public async Task A_campaign_that_does_not_fit_is_refused_with_the_place_and_taken_when_there_is_room()
    {
        var submission = await silo.SubmissionAsync(CampaignTests.File, "no room");
        await FillAsync();
        using (var response = await silo.Http.PostAsJsonAsync(ApiRoutes.Campaigns, submission, ProtocolJson.Default.CampaignSubmission))
        {
            Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
            Assert.Contains($"The disk under {folder["fleet.db"]} is full", (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.Problem))!.Detail);
        }

        Assert.Empty(await silo.CampaignsAsync());
        await MakeRoomAsync();
        await silo.SubmitAsync(submission);
    }

    [Fact]
    public async Task An_agent_that_cannot_be_enrolled_is_told_why_and_comes_in_when_there_is_room()
    {
        await FillAsync();
        await using var agent = FakeAgent.Open(silo);
        var error = await Assert.ThrowsAsync<RpcException>(() => agent.AskAsync(new AgentMessage { Hello = FakeAgent.Hello(agent.Device) }));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("is full", error.Status.Detail);

        await MakeRoomAsync();
        await using var again = await FakeAgent.ConnectAsync(silo, agent.Device);
    }

    [Fact]
    public async Task A_result_that_does_not_fit_is_to_be_sent_again_and_is_then_stored_once()
    {
        var created = await silo.SubmitAsync(await silo.SubmissionAsync(CampaignTests.File, "late room"));
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var lease = await agent.LeaseAsync();
        var report = FakeAgent.Report(lease, lease.Variants[0], lease.Variants[0].Runs[0]);

        await FillAsync();
        Assert.Equal(ReportOutcome.Retry, (await agent.ReportAsync(report)).Outcome);
        await MakeRoomAsync();
        Assert.Equal(ReportOutcome.Stored, (await agent.ReportAsync(report)).Outcome);
        Assert.Single(await silo.GetAsync(ApiRoutes.Of(ApiRoutes.CampaignResults, created.Campaign), ProtocolJson.Default.ResultRowArray));
    }

    // Also what is left in the pages of each table.
    private async Task FillAsync()
    {
        var writer = silo.Services.GetRequiredService<SqliteWriter>();
        await writer.WriteAsync(connection =>
        {
            SqliteDatabase.Execute(connection, "PRAGMA max_page_count = 1");
            return 0;
        });
        string[] tables =
        [
            "entries (kind, id, json) VALUES ('ballast', '{0}', '{1}')",
            "results (run, campaign, validity, stored_at, row) VALUES ('{0}', 'ballast', '', '', '{1}')",
            "grain_state (grain, name, version, payload) VALUES ('{0}', 'ballast', 1, '{1}')",
        ];
        foreach (var table in tables)
        {
            for (var (bytes, id) = (1 << 14, 0); bytes > 0; id++)
            {
                try
                {
                    await writer.WriteAsync(connection =>
                    {
                        SqliteDatabase.Execute(connection, "INSERT INTO " + string.Format(CultureInfo.InvariantCulture, table, id, new string('x', bytes)));
                        return 0;
                    });
                }
                catch (OutOfSpaceException)
                {
                    bytes /= 2;
                }
            }
        }
    }

    private Task MakeRoomAsync() => silo.Services.GetRequiredService<SqliteWriter>().WriteAsync(connection =>
    {
        SqliteDatabase.Execute(connection, "PRAGMA max_page_count = 4294967294");
        SqliteDatabase.Execute(connection, "DELETE FROM entries WHERE kind = 'ballast'");
        SqliteDatabase.Execute(connection, "DELETE FROM results WHERE campaign = 'ballast'");
        SqliteDatabase.Execute(connection, "DELETE FROM grain_state WHERE name = 'ballast'");
        return 0;
    });
}
