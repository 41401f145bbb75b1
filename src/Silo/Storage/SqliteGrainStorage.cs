using System.Globalization;
using Fleet.Silo.Hosting;
using Microsoft.Data.Sqlite;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Fleet.Silo.Storage;

/// <summary>
/// Grains' state, a row each. The ETag is a version that only grows: of two activations that hold the same one, the first to write
/// wins and the other is told so.
/// </summary>
internal sealed partial class SqliteGrainStorage(
    SqliteDatabase database,
    SqliteWriter writer,
    IGrainStorageSerializer serializer,
    IActivatorProvider activators,
    SiloOptions options,
    TimeProvider time,
    ILogger<SqliteGrainStorage> logger) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            await Task.Run(() => Read(stateName, grainId, grainState));
        }
        catch (SqliteException error) when (SqliteDatabase.IsDamage(error))
        {
            throw new DamagedStateException(database.Unusable(error).Message);
        }
        catch (Exception error) when (error is not SqliteException)
        {
            var place = $"The state '{stateName}' of {grainId} in {database.Path}";
            if (!options.SetAsideDamaged)
            {
                throw new DamagedStateException($"{place} is damaged: {error.Message} {SqliteDatabase.WayOut}");
            }

            LogSetAside(error, place, await SetAsideAsync(stateName, grainId));
            Forget(grainState);
        }
    }

    private void Read<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version, payload FROM grain_state WHERE grain = $grain AND name = $name";
        command.Parameters.AddWithValue("$grain", grainId.ToString());
        command.Parameters.AddWithValue("$name", stateName);
        using var reader = command.ExecuteReader();
        if (reader.Read())
        {
            grainState.State = serializer.Deserialize<T>(BinaryData.FromBytes(reader.GetFieldValue<byte[]>(1)));
            grainState.ETag = Text(reader.GetInt64(0));
            grainState.RecordExists = true;
        }
        else
        {
            Forget(grainState);
        }
    }

    // Kept in its table, under a name that no grain asks for.
    private async Task<string> SetAsideAsync(string stateName, GrainId grainId)
    {
        var aside = $"{stateName}.damaged-{time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        await writer.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE OR REPLACE grain_state SET name = $aside WHERE grain = $grain AND name = $name";
            command.Parameters.AddWithValue("$aside", aside);
            command.Parameters.AddWithValue("$grain", grainId.ToString());
            command.Parameters.AddWithValue("$name", stateName);
            return command.ExecuteNonQuery();
        });
        return aside;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var payload = serializer.Serialize(grainState.State).ToArray();
        var next = await writer.WriteAsync(connection =>
        {
            var version = RequireVersion(connection, stateName, grainId, grainState.ETag) + 1;
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT OR REPLACE INTO grain_state (grain, name, version, payload) VALUES ($grain, $name, $version, $payload)";
            command.Parameters.AddWithValue("$grain", grainId.ToString());
            command.Parameters.AddWithValue("$name", stateName);
            command.Parameters.AddWithValue("$version", version);
            command.Parameters.AddWithValue("$payload", payload);
            command.ExecuteNonQuery();
            return version;
        });
        grainState.ETag = Text(next);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await writer.WriteAsync(connection =>
        {
            RequireVersion(connection, stateName, grainId, grainState.ETag);
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM grain_state WHERE grain = $grain AND name = $name";
            command.Parameters.AddWithValue("$grain", grainId.ToString());
            command.Parameters.AddWithValue("$name", stateName);
            return command.ExecuteNonQuery();
        });
        Forget(grainState);
    }

    private void Forget<T>(IGrainState<T> grainState)
    {
        grainState.State = activators.GetActivator<T>().Create();
        grainState.ETag = null!;
        grainState.RecordExists = false;
    }

    /// <exception cref="InconsistentStateException">The stored version is not the one that the grain read.</exception>
    private static long RequireVersion(SqliteConnection connection, string stateName, GrainId grainId, string? etag)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version FROM grain_state WHERE grain = $grain AND name = $name";
        command.Parameters.AddWithValue("$grain", grainId.ToString());
        command.Parameters.AddWithValue("$name", stateName);
        var stored = command.ExecuteScalar() as long?;
        var expected = string.IsNullOrEmpty(etag) ? (long?)null : long.Parse(etag, CultureInfo.InvariantCulture);
        return stored == expected
            ? stored ?? 0
            : throw new InconsistentStateException($"{grainId} holds version {etag ?? "none"} of its state '{stateName}', but version {(stored is { } version ? Text(version) : "none")} is stored.", stored is { } found ? Text(found) : "", etag ?? "");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Place} was damaged. It is kept as '{Aside}', and starts empty.")]
    private partial void LogSetAside(Exception error, string place, string aside);

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
