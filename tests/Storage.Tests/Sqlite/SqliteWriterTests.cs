using Fleet.Campaigns.Ports;
using Fleet.Storage.Sqlite;
using Fleet.Silo.Tests.Running;
using Microsoft.Data.Sqlite;

namespace Fleet.Storage.Tests.Sqlite;

public sealed class SqliteWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDatabase database;

    public SqliteWriterTests() => database = new SqliteDatabase(folder["fleet.db"]);

    public void Dispose()
    {
        database.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Many_writers_at_once_are_all_stored()
    {
        await using (var writer = new SqliteWriter(database))
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => writer.WriteAsync(connection => Insert(connection, i)))));
        }

        Assert.Equal(500, Count());
    }

    [Fact]
    public async Task What_was_acknowledged_can_be_read_at_once_by_others()
    {
        await using var writer = new SqliteWriter(database);
        await writer.WriteAsync(connection => Insert(connection, 1));
        Assert.Equal(1, Count());
    }

    [Fact]
    public async Task A_write_that_throws_takes_back_its_own_effects_and_no_others()
    {
        await using var writer = new SqliteWriter(database);
        using var begun = new ManualResetEventSlim();
        // Holds the worker, so that the three that follow share one transaction.
        var first = writer.WriteAsync(connection =>
        {
            begun.Wait(TimeSpan.FromSeconds(10));
            return Insert(connection, 0);
        });
        var before = writer.WriteAsync(connection => Insert(connection, 1));
        var wrong = writer.WriteAsync<int>(connection =>
        {
            Insert(connection, 2);
            throw new InvalidDataException("no");
        });
        var after = writer.WriteAsync(connection => Insert(connection, 3));
        begun.Set();

        await Task.WhenAll(first, before, after);
        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidDataException>(() => wrong)).Message);
        Assert.Equal(["0", "1", "3"], Ids());
    }

    [Fact]
    public async Task Writes_that_were_queued_are_finished_before_it_closes()
    {
        var writer = new SqliteWriter(database);
        var writes = Enumerable.Range(0, 50).Select(i => writer.WriteAsync(connection => Insert(connection, i))).ToArray();
        await writer.DisposeAsync();
        await Task.WhenAll(writes);
        Assert.Equal(50, Count());
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.WriteAsync(connection => Insert(connection, 99)));
    }

    [Fact]
    public async Task A_commit_that_fails_is_told_to_every_writer_of_it()
    {
        await using var writer = new SqliteWriter(database);
        using var reader = database.Open();
        // Makes the commit itself fail: a constraint that SQLite checks only then.
        await writer.WriteAsync(connection =>
        {
            SqliteDatabase.Execute(connection, "CREATE TABLE parent (id INTEGER PRIMARY KEY)");
            SqliteDatabase.Execute(connection, "CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)");
            return 0;
        });
        await Assert.ThrowsAsync<SqliteException>(() => writer.WriteAsync(connection =>
        {
            SqliteDatabase.Execute(connection, "INSERT INTO child VALUES (7)");
            return 0;
        }));

        await writer.WriteAsync(connection => Insert(connection, 1));
        Assert.Equal(1, Count());
    }

    [Fact]
    public async Task A_full_disk_is_told_as_one_stores_nothing_and_passes_when_there_is_room()
    {
        await using var writer = new SqliteWriter(database);
        await writer.WriteAsync(connection => Insert(connection, 1));
        await LimitAsync(writer, "(SELECT page_count FROM pragma_page_count) + 2");

        var large = new string('x', 1 << 16);
        var writes = Enumerable.Range(2, 8).Select(id => writer.WriteAsync(connection =>
        {
            SqliteDatabase.Execute(connection, $"INSERT INTO entries (kind, id, json) VALUES ('test', '{id}', '{large}')");
            return id;
        })).ToArray();
        foreach (var write in writes)
        {
            var error = await Assert.ThrowsAsync<OutOfSpaceException>(() => write);
            Assert.Contains($"The disk under {database.Path} is full", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, Count());
        await LimitAsync(writer, "4294967294");
        await writer.WriteAsync(connection => Insert(connection, 3));
        Assert.Equal(["1", "3"], Ids());
    }

    // SQLite's own limit of the file, which it reports as it does a full disk.
    private static Task LimitAsync(SqliteWriter writer, string pages) => writer.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {pages}";
        SqliteDatabase.Execute(connection, $"PRAGMA max_page_count = {command.ExecuteScalar()}");
        return 0;
    });

    private static int Insert(SqliteConnection connection, int id)
    {
        SqliteDatabase.Execute(connection, $"INSERT INTO entries (kind, id, json) VALUES ('test', '{id}', '')");
        return id;
    }

    private int Count() => Ids().Count;

    private List<string> Ids()
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM entries WHERE kind = 'test' ORDER BY id";
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }
}
