using System.Globalization;
using Fleet.Campaigns.Ports;
using Microsoft.Data.Sqlite;

namespace Fleet.Storage.Sqlite;

/// <summary>
/// The database's schema, as the steps that led to it; <c>user_version</c> counts those taken. A step that was released is never changed.
/// </summary>
internal static class Migrations
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE grain_state (
            grain TEXT NOT NULL,
            name TEXT NOT NULL,
            version INTEGER NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY (grain, name)
        ) WITHOUT ROWID;

        CREATE TABLE results (
            run TEXT NOT NULL PRIMARY KEY,
            campaign TEXT NOT NULL,
            validity TEXT NOT NULL,
            stored_at TEXT NOT NULL,
            row TEXT NOT NULL,
            measurement BLOB
        );
        CREATE INDEX results_by_campaign ON results (campaign, run, validity);

        CREATE TABLE entries (
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            json TEXT NOT NULL,
            PRIMARY KEY (kind, id)
        ) WITHOUT ROWID;
        """,
    ];

    /// <exception cref="StorageException">A newer Fleet wrote the file.</exception>
    public static void Apply(SqliteConnection connection, string path)
    {
        var taken = Version(connection);
        if (taken > Steps.Length)
        {
            throw new StorageException(
                $"The database {path} has schema {taken}, but this silo knows schemas up to {Steps.Length}. "
                + "Use the newer Fleet that wrote it, or choose another folder with --state.");
        }

        for (; taken < Steps.Length; taken++)
        {
            using var transaction = connection.BeginTransaction();
            SqliteDatabase.Execute(connection, Steps[taken]);
            SqliteDatabase.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {taken + 1}"));
            transaction.Commit();
        }
    }

    private static long Version(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }
}
