using System.Globalization;
using Fleet.Campaigns.Ports;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Fleet.Storage.Sqlite;

/// <summary>A row for each state.</summary>
internal sealed partial class SqliteStateStore(
    SqliteDatabase database, SqliteWriter writer, SqliteStorageOptions options, TimeProvider time, ILogger<SqliteStateStore> logger) : IStateStore
{
    public Task<StoredState?> ReadAsync(string grain, string name) => Task.Run(() => database.Read(connection =>
    {
        using var command = Command(connection, "SELECT version, payload FROM grain_state WHERE grain = $grain AND name = $name", grain, name);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new StoredState(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }));

    public Task<long> WriteAsync(string grain, string name, ReadOnlyMemory<byte> payload, long? expected)
    {
        var bytes = payload.ToArray();
        return writer.WriteAsync(connection =>
        {
            var version = (Require(connection, grain, name, expected) ?? 0) + 1;
            using var command = Command(
                connection, "INSERT OR REPLACE INTO grain_state (grain, name, version, payload) VALUES ($grain, $name, $version, $payload)", grain, name);
            command.Parameters.AddWithValue("$version", version);
            command.Parameters.AddWithValue("$payload", bytes);
            command.ExecuteNonQuery();
            return version;
        });
    }

    public Task ClearAsync(string grain, string name, long? expected) => writer.WriteAsync(connection =>
    {
        Require(connection, grain, name, expected);
        using var command = Command(connection, "DELETE FROM grain_state WHERE grain = $grain AND name = $name", grain, name);
        return command.ExecuteNonQuery();
    });

    public async Task SetAsideAsync(string grain, string name, Exception why)
    {
        var place = $"The state '{name}' of {grain} in {database.Path}";
        if (!options.SetAsideDamaged)
        {
            throw new StorageException($"{place} is damaged: {why.Message} {SqliteDatabase.WayOut}", why);
        }

        // Kept in its table.
        var aside = $"{name}.damaged-{time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        await writer.WriteAsync(connection =>
        {
            using var command = Command(
                connection, "UPDATE OR REPLACE grain_state SET name = $aside WHERE grain = $grain AND name = $name", grain, name);
            command.Parameters.AddWithValue("$aside", aside);
            return command.ExecuteNonQuery();
        }).ConfigureAwait(false);
        LogSetAside(why, place, aside);
    }

    /// <exception cref="StateConflictException">The stored version is not the one that is expected.</exception>
    private static long? Require(SqliteConnection connection, string grain, string name, long? expected)
    {
        using var command = Command(connection, "SELECT version FROM grain_state WHERE grain = $grain AND name = $name", grain, name);
        var stored = command.ExecuteScalar() as long?;
        return stored == expected ? stored : throw new StateConflictException(stored);
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, string grain, string name)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$grain", grain);
        command.Parameters.AddWithValue("$name", name);
        return command;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Place} was damaged. It is kept as '{Aside}', and starts empty.")]
    private partial void LogSetAside(Exception error, string place, string aside);
}
