using Fleet.Campaigns.Ports;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Storage.Sqlite;
using Fleet.Silo.Tests.Running;
using static Fleet.Silo.Tests.Running.Rows;

namespace Fleet.Storage.Tests.Sqlite;

public sealed class SqliteResultStoreTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private SqliteDatabase database = null!;
    private SqliteWriter writer = null!;
    private SqliteResultStore store = null!;

    public ValueTask InitializeAsync()
    {
        database = new SqliteDatabase(folder["fleet.db"]);
        writer = new SqliteWriter(database);
        store = new SqliteResultStore(database, writer, TimeProvider.System);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        database.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task The_first_result_of_a_run_closes_it_whoever_sends_how_often()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Store(Row("r", session: $"s{i}"))));
        Assert.Single(outcomes, stored => stored);
        var winner = $"s{Array.IndexOf(outcomes, true)}";
        Assert.Equal(winner, (await store.FindAsync("r", default))!.Session);
        Assert.Equal([winner], (await store.RowsAsync("c", default)).Select(row => row.Session));
    }

    [Fact]
    public async Task Runs_are_found_by_their_beginning()
    {
        foreach (var run in new[] { "ab12", "abff", "ac00", "b000" })
        {
            await Store(Row(run));
        }

        Assert.Equal(["ab12", "abff"], await store.RunsAsync("ab", 5, default));
        Assert.Equal(["ab12"], await store.RunsAsync("ab", 1, default));
        Assert.Empty(await store.RunsAsync("ad", 5, default));
    }

    [Fact]
    public async Task Rows_come_in_the_order_in_which_they_were_stored_and_only_of_the_campaign()
    {
        foreach (var run in new[] { "z", "a", "m" })
        {
            await Store(Row(run));
        }

        await Store(Row("other") with { Campaign = "d" });
        Assert.Equal(["z", "a", "m"], (await store.RowsAsync("c", default)).Select(row => row.Run));
        Assert.Equal(["a", "m", "z"], (await store.ClosedRunsAsync("c", default)).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_row_comes_back_as_it_was_with_its_measurement_beside_it()
    {
        var row = Row("r") with { Reasons = [new(ReasonCodes.Throttled, 2, 3)], LatencyUs = new Latency { P50 = 1.5, N = 3, BatchSize = 1 } };
        await store.TryStoreAsync(new StoredResult(row, new byte[] { 1, 2, 3 }), default);
        await store.TryStoreAsync(new StoredResult(Row("failed") with { Validity = Validity.Failed }, default), default);
        var back = (await store.FindAsync("r", default))!;
        Assert.Equal((row.LatencyUs, row.StartedAt, row.Reasons[0]), (back.LatencyUs, back.StartedAt, back.Reasons.Single()));
        var measurement = Assert.Single(await store.MeasurementsAsync("c", default));
        Assert.Equal("r", measurement.Key);
        Assert.Equal([1, 2, 3], measurement.Value.ToArray());
        Assert.Equal(Validity.Failed, (await store.ClosedRunsAsync("c", default))["failed"]);
        Assert.Null(await store.FindAsync("never", default));
    }

    [Fact]
    public async Task What_was_stored_since_is_found_by_the_sequence_in_which_it_came()
    {
        await Store(Row("a"));
        await Store(Row("other") with { Campaign = "d" });
        await store.TryStoreAsync(new StoredResult(Row("b"), new byte[] { 4, 5 }), default);

        var all = store.StoredAfter("c", 0);

        Assert.Equal(["a", "b"], all.Select(one => one.Result.Row.Run));
        Assert.Equal([0, 2], all.Select(one => one.Result.Measurement.Length));
        Assert.Equal("b", Assert.Single(store.StoredAfter("c", all[0].Sequence)).Result.Row.Run);
        Assert.Empty(store.StoredAfter("c", all[1].Sequence));
    }

    public static TheoryData<string, string> Damage => new()
    {
        { "UPDATE results SET row = 'null' WHERE run = 'bad'", "it is null" },
        { "UPDATE results SET row = substr(row, 1, 40) WHERE run = 'bad'", "" },
        { "UPDATE results SET row = '' WHERE run = 'bad'", "" },
        { "UPDATE results SET row = x'fffe00' WHERE run = 'bad'", "" },
        { "UPDATE results SET row = json_set(row, '$.variant_name', null) WHERE run = 'bad'", "variant_name is null" },
        { "UPDATE results SET row = json_set(row, '$.metric', null) WHERE run = 'bad'", "metric is null" },
        { "UPDATE results SET row = json_set(row, '$.reasons', null) WHERE run = 'bad'", "reasons is null" },
        { "UPDATE results SET row = json_set(row, '$.reasons', json('[null]')) WHERE run = 'bad'", "" },
        { "UPDATE results SET row = json_set(row, '$.validity', 'perfect') WHERE run = 'bad'", "$.validity" },
        { "UPDATE results SET row = json_set(row, '$.metric_value', 2.5) WHERE run = 'bad'", "metric_value is 2.5, and must be from 0 to 1" },
        { "UPDATE results SET row = json_set(row, '$.latency_us.p50', -5) WHERE run = 'bad'", "latency_us.p50 is -5, and must be from 0 to 1E+12" },
        { "UPDATE results SET row = json_set(row, '$.model_bytes', 'many') WHERE run = 'bad'", "" },
        { "UPDATE results SET row = json_set(row, '$.run', 'good') WHERE run = 'bad'", "it names run good of campaign c" },
        { "UPDATE results SET row = json_remove(row, '$.task') WHERE run = 'bad'", "" },
    };

    [Theory, MemberData(nameof(Damage))]
    public async Task A_damaged_row_comes_back_as_one_that_says_so_and_the_others_with_it(string damage, string why)
    {
        await Store(Row("good"));
        await Store(Row("bad") with { LatencyUs = new Latency { P50 = 1.5, N = 3, BatchSize = 1 } });
        await Store(Row("late"));
        using (var connection = database.Open())
        {
            SqliteDatabase.Execute(connection, damage);
        }

        var rows = await store.RowsAsync("c", default);
        Assert.Equal([("good", true), ("bad", false), ("late", true)], rows.Select(row => (row.Run, row.IsReadable)));
        var reason = Assert.Single(rows[1].Reasons);
        Assert.Equal(ReasonCodes.RowUnreadable, reason.Code);
        Assert.Contains(why, reason.Detail, StringComparison.Ordinal);
        Assert.Equal("c", (await store.FindAsync("bad", default))!.Campaign);
        Assert.Equal(["good", "bad", "late"], store.StoredAfter("c", 0).Select(one => one.Result.Row.Run));
    }

    [Fact]
    public async Task A_row_of_the_version_that_wrote_reasons_as_text_is_read_as_data()
    {
        await Store(Row("old"));
        using (var connection = database.Open())
        {
            SqliteDatabase.Execute(
                connection, "UPDATE results SET row = json_set(row, '$.reasons', json('[\"115 of 65 blocks invalid: the board throttled its clock\"]'))");
        }

        Assert.Equal([new Reason(ReasonCodes.Throttled, 65, 65)], Assert.Single(await store.RowsAsync("c", default)).Reasons);
    }

    private Task<bool> Store(ResultRow row) => store.TryStoreAsync(new StoredResult(row, default), default);
}
