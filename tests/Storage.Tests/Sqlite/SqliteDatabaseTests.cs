using Fleet.Campaigns.Ports;
using Fleet.Storage.Sqlite;
using Fleet.Silo.Tests.Running;

namespace Fleet.Storage.Tests.Sqlite;

public sealed class SqliteDatabaseTests
{
    [Fact]
    public void A_commit_waits_for_the_disk_and_readers_do_not_wait_for_writers()
    {
        using var folder = new TemporaryFolder();
        using var database = new SqliteDatabase(folder["fleet.db"]);
        using var connection = database.Open();
        Assert.Equal(("wal", "2"), (Pragma(connection, "journal_mode"), Pragma(connection, "synchronous")));
    }

    [Fact]
    public void A_database_opened_again_is_the_same()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 2; i++)
        {
            using var database = new SqliteDatabase(folder["fleet.db"]);
            using var connection = database.Open();
            Assert.Equal("1", Pragma(connection, "user_version"));
        }
    }

    [Fact]
    public void A_database_of_a_newer_fleet_is_left_alone_with_a_clear_error()
    {
        using var folder = new TemporaryFolder();
        using (var database = new SqliteDatabase(folder["fleet.db"]))
        using (var connection = database.Open())
        {
            SqliteDatabase.Execute(connection, "PRAGMA user_version = 99");
        }

        var error = Assert.Throws<StorageException>(() => new SqliteDatabase(folder["fleet.db"]));
        Assert.Contains("schema 99", error.Message);
    }

    [Fact]
    public void A_file_that_is_no_database_is_told_with_the_way_out()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["fleet.db"], new string('x', 4096));
        var error = Assert.Throws<StorageException>(() => new SqliteDatabase(folder["fleet.db"]));
        Assert.Contains(folder["fleet.db"], error.Message);
        Assert.Contains("--set-aside-damaged", error.Message);
    }

    private static string Pragma(Microsoft.Data.Sqlite.SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA " + name;
        return command.ExecuteScalar()!.ToString()!;
    }
}
