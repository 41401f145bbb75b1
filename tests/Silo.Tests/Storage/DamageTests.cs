using System.Net;
using System.Net.Http.Json;
using System.Text;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Campaigns;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Configuration;
using Fleet.Storage.Sqlite;
using Fleet.Silo.Tests.Campaigns;
using Fleet.Silo.Tests.Running;
using Microsoft.Data.Sqlite;

namespace Fleet.Silo.Tests.Storage;

/// <summary>A state folder that a disk, a backup or a person has damaged: what is wrong is said with the way out, and the rest is used.</summary>
public sealed class DamageTests : IDisposable
{
    private const int PageBytes = 4096;
    private readonly TemporaryFolder folder = new();

    private string Database => folder["fleet.db"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("folder", "is a folder")]
    [InlineData("text", "is damaged")]
    [InlineData("truncated", "is damaged")]
    [InlineData("empty", "is empty, though")]
    public async Task A_database_that_is_none_stops_the_start_with_the_way_out_and_is_kept_when_set_aside(string how, string words)
    {
        await using (var silo = await RunningSilo.StartAsync(folder.Path))
        {
            await silo.SubmitAsync(await silo.SubmissionAsync(CampaignTests.File, how));
        }

        Break(how);
        var error = await Assert.ThrowsAsync<SiloException>(() => RunningSilo.StartAsync(folder.Path));
        Assert.Contains(Database, error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("fleet up --set-aside-damaged", error.Message, StringComparison.Ordinal);

        await using var again = await RunningSilo.StartAsync(RunningSilo.Options(folder.Path) with { SetAsideDamaged = true });
        await again.SubmitAsync(await again.SubmissionAsync(CampaignTests.File, how + " again"));
        var aside = Assert.Single(
            Directory.GetFileSystemEntries(folder.Path, "fleet.db.damaged-*"),
            path => !path.EndsWith("-wal", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal));
        Assert.Contains($"It is kept as {aside}", await File.ReadAllTextAsync(folder["silo.log"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_one_page_is_broken_the_rows_of_the_others_are_taken_over_in_their_order()
    {
        const int Count = 400;
        using (var database = new SqliteDatabase(Database))
        await using (var writer = new SqliteWriter(database))
        {
            var store = new SqliteResultStore(database, writer, TimeProvider.System);
            for (var i = 0; i < Count; i++)
            {
                Assert.True(await store.TryStoreAsync(new StoredResult(Rows.Row($"run-{i:000}"), default), default));
            }
        }

        BreakPageWith("run-200");
        var lines = DatabaseRescue.SetAsideIfDamaged(Database, DateTimeOffset.UnixEpoch);

        Assert.Contains($"It is kept as {Database}.damaged-19700101-000000.", lines[0], StringComparison.Ordinal);
        Assert.True(File.Exists(Database + ".damaged-19700101-000000"));
        using var saved = new SqliteDatabase(Database);
        await using var idle = new SqliteWriter(saved);
        var kept = (await new SqliteResultStore(saved, idle, TimeProvider.System).RowsAsync("c", default)).Select(row => row.Run).ToArray();
        Assert.Contains(lines, line => line.Contains($"{kept.Length} rows of the table results", StringComparison.Ordinal));
        Assert.InRange(kept.Length, Count * 3 / 4, Count - 1);
        Assert.Equal(("run-000", "run-399"), (kept[0], kept[^1]));
        Assert.DoesNotContain("run-200", kept);
        Assert.Equal(kept.Order(StringComparer.Ordinal), kept);

        // It is sound now.
        Assert.Empty(DatabaseRescue.SetAsideIfDamaged(Database, DateTimeOffset.UnixEpoch));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task A_broken_line_of_a_list_is_left_out_and_reported_and_hides_no_other(string json)
    {
        var (broken, sound) = await TwoCampaignsAsync();
        Execute($"UPDATE entries SET json = '{json}' WHERE kind = 'campaign' AND id = '{broken}'");

        await using (var silo = await RunningSilo.StartAsync(folder.Path))
        {
            Assert.Equal([sound], await CampaignsAsync(silo));
            var log = await File.ReadAllTextAsync(folder["silo.log"]);
            Assert.Contains($"The list entry of campaign {broken} in {Database} is damaged and left out", log, StringComparison.Ordinal);
            Assert.Contains("--set-aside-damaged", log, StringComparison.Ordinal);
        }

        await using (await RunningSilo.StartAsync(RunningSilo.Options(folder.Path) with { SetAsideDamaged = true }))
        {
        }

        Assert.Equal("1", Scalar($"SELECT count(*) FROM entries WHERE kind = 'campaign.damaged' AND id = '{broken}'"));
        Assert.Equal("0", Scalar($"SELECT count(*) FROM entries WHERE kind = 'campaign' AND id = '{broken}' AND json = '{json}'"));
    }

    [Fact]
    public async Task A_broken_state_of_one_campaign_is_told_by_who_asks_for_it_and_disturbs_no_other()
    {
        var (broken, sound) = await TwoCampaignsAsync();
        Execute($"UPDATE grain_state SET payload = x'00ff00ff' WHERE grain LIKE 'campaign/%{broken}'");
        Assert.Equal("1", Scalar("SELECT count(*) FROM grain_state WHERE payload = x'00ff00ff'"));

        await using (var silo = await RunningSilo.StartAsync(folder.Path))
        {
            Assert.Equal([.. new[] { broken, sound }.Order()], (await CampaignsAsync(silo)).Order());
            Assert.Equal(CampaignStatus.Running, (await silo.DetailAsync(sound)).Summary.State);
            using var response = await silo.Http.GetAsync(ApiRoutes.Of(ApiRoutes.Campaign, broken));
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
            var detail = (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.Problem))!.Detail;
            Assert.Contains(broken, detail, StringComparison.Ordinal);
            Assert.Contains("--set-aside-damaged", detail, StringComparison.Ordinal);
        }

        await using (var silo = await RunningSilo.StartAsync(RunningSilo.Options(folder.Path) with { SetAsideDamaged = true }))
        {
            using var gone = await silo.Http.GetAsync(ApiRoutes.Of(ApiRoutes.Campaign, broken));
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
            Assert.Equal(CampaignStatus.Running, (await silo.DetailAsync(sound)).Summary.State);
        }

        Assert.Equal("1", Scalar("SELECT count(*) FROM grain_state WHERE name LIKE '%.damaged-%' AND payload = x'00ff00ff'"));
    }

    [Fact]
    public async Task A_device_whose_state_is_broken_does_not_hide_the_others()
    {
        string broken;
        await using (var silo = await RunningSilo.StartAsync(folder.Path))
        {
            await using var one = await FakeAgent.ConnectAsync(silo);
            await using var other = await FakeAgent.ConnectAsync(silo);
            broken = one.Device;
        }

        Execute($"UPDATE grain_state SET payload = x'00ff00ff' WHERE grain LIKE 'device/%{broken}'");
        await using var again = await RunningSilo.StartAsync(folder.Path);
        var devices = await again.GetAsync(ApiRoutes.Devices, ProtocolJson.Default.DeviceSummaryArray);
        Assert.Single(devices, device => device.Device != broken);
    }

    [Theory]
    [InlineData("silo.json", true)]
    [InlineData("silo.lock", true)]
    [InlineData("token", true)]
    [InlineData("state-id", true)]
    [InlineData("artefacts", false)]
    public async Task What_stands_in_the_place_of_another_thing_is_named(string name, bool asFolder)
    {
        if (asFolder)
        {
            Directory.CreateDirectory(folder[name]);
        }
        else
        {
            await File.WriteAllTextAsync(folder[name], "");
        }

        var error = await Assert.ThrowsAsync<SiloException>(() => RunningSilo.StartAsync(folder.Path));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.NewLine, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silo.log")]
    [InlineData("silo.pid")]
    public async Task What_a_silo_can_do_without_does_not_keep_it_from_starting(string name)
    {
        Directory.CreateDirectory(folder[name]);
        await using var silo = await RunningSilo.StartAsync(folder.Path);
        Assert.Equal("ready\n", await silo.Http.GetStringAsync(ApiRoutes.Ready));
    }

    [Theory]
    [InlineData("PRAGMA user_version = 99", "schema 99")]
    [InlineData("PRAGMA user_version = 1", "another program's")]
    public async Task A_database_of_another_version_or_program_is_left_alone(string sql, string words)
    {
        Execute(sql);
        var error = await Assert.ThrowsAsync<SiloException>(() => RunningSilo.StartAsync(RunningSilo.Options(folder.Path) with { SetAsideDamaged = true }));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("--state", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.damaged-*"));
    }

    private static async Task<string[]> CampaignsAsync(RunningSilo silo) =>
        [.. (await silo.CampaignsAsync()).Select(summary => summary.Campaign)];

    private async Task<(string Broken, string Sound)> TwoCampaignsAsync()
    {
        await using var silo = await RunningSilo.StartAsync(folder.Path);
        return (
            (await silo.SubmitAsync(await silo.SubmissionAsync(CampaignTests.File, Guid.NewGuid().ToString()))).Campaign,
            (await silo.SubmitAsync(await silo.SubmissionAsync(CampaignTests.File, Guid.NewGuid().ToString()))).Campaign);
    }

    private void Break(string how)
    {
        foreach (var part in new[] { "-wal", "-shm" })
        {
            File.Delete(Database + part);
        }

        switch (how)
        {
            case "folder":
                File.Delete(Database);
                Directory.CreateDirectory(Database);
                break;
            case "text":
                File.WriteAllText(Database, new string('x', 3 * PageBytes));
                break;
            default:
                using (var file = File.OpenWrite(Database))
                {
                    file.SetLength(how == "empty" ? 0 : 2 * PageBytes);
                }

                break;
        }
    }

    // A leaf of the table, which holds its rows: 0x0d is its first byte.
    private void BreakPageWith(string text)
    {
        var bytes = File.ReadAllBytes(Database);
        var wanted = Encoding.UTF8.GetBytes($"\"run\":\"{text}\"");
        var page = Enumerable.Range(0, bytes.Length / PageBytes)
            .Single(i => bytes[i * PageBytes] == 0x0d && bytes.AsSpan(i * PageBytes, PageBytes).IndexOf(wanted) >= 0);
        bytes.AsSpan(page * PageBytes, PageBytes).Fill(0xa5);
        File.WriteAllBytes(Database, bytes);
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        SqliteDatabase.Execute(connection, sql);
    }

    private string Scalar(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!.ToString()!;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }
}
