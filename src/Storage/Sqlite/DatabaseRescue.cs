using System.Globalization;
using Fleet.Campaigns.Ports;
using Microsoft.Data.Sqlite;

namespace Fleet.Storage.Sqlite;

/// <summary>
/// Sets a damaged database aside and starts a new one with what can still be read. SQLite stops a scan at the first broken page, so each
/// table is read from both of its ends.
/// </summary>
internal static class DatabaseRescue
{
    private static readonly string[] Parts = ["", "-wal", "-shm"];

    /// <summary>What was done, a line each for people; nothing where the database is sound, or there is none.</summary>
    /// <exception cref="StorageException">It cannot be looked at, or not be set aside.</exception>
    public static IReadOnlyList<string> SetAsideIfDamaged(string path, DateTimeOffset now)
    {
        if (!Path.Exists(path) || Damage(path) is not { } damage)
        {
            return [];
        }

        var aside = $"{path}.damaged-{now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        try
        {
            foreach (var part in Parts)
            {
                if (Path.Exists(path + part))
                {
                    Directory.Move(path + part, aside + part);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The damaged database {path} cannot be renamed to {aside}: {error.Message}", error);
        }

        return [$"The database {path} was damaged ({damage}). It is kept as {aside}.", .. TakeOver(aside, path)];
    }

    /// <summary>What is wrong with the file; null where nothing is.</summary>
    private static string? Damage(string path)
    {
        if (Directory.Exists(path))
        {
            return "it is a folder";
        }

        if (SqliteDatabase.IsEmptied(path))
        {
            return "it is empty";
        }

        try
        {
            using var connection = Connect(path);
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA integrity_check(1)";
            var found = (string)check.ExecuteScalar()!;
            return found == "ok" ? null : found.ReplaceLineEndings(" ").Trim();
        }
        catch (SqliteException error) when (SqliteDatabase.IsDamage(error))
        {
            return error.Message.TrimEnd('.');
        }
        catch (SqliteException error)
        {
            throw SqliteDatabase.Unusable(path, error);
        }
    }

    private static IEnumerable<string> TakeOver(string aside, string path)
    {
        using var database = new SqliteDatabase(path);
        using var into = database.Open();
        if (Directory.Exists(aside))
        {
            return ["Nothing could be taken over."];
        }

        using var from = Connect(aside);
        var lines = new List<string>();
        foreach (var (table, hasRowId) in Tables(into))
        {
            var rows = Copy(from, into, table, hasRowId);
            lines.Add($"Taken over from it: {rows.ToString(CultureInfo.InvariantCulture)} rows of the table {table}.");
        }

        return lines;
    }

    private static int Copy(SqliteConnection from, SqliteConnection into, string table, bool hasRowId)
    {
        string[] columns;
        try
        {
            var kept = Names(from, $"SELECT name FROM pragma_table_info('{table}')");
            columns = [.. Names(into, $"SELECT name FROM pragma_table_info('{table}')").Intersect(kept)];
        }
        catch (SqliteException error) when (SqliteDatabase.IsDamage(error))
        {
            return 0;
        }

        if (columns.Length == 0)
        {
            return 0;
        }

        // The order in which results came is their row id's.
        var key = hasRowId ? ["rowid"] : Names(into, $"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk");
        string[] all = hasRowId ? ["rowid", .. columns] : columns;
        using var transaction = into.BeginTransaction();
        using var insert = into.CreateCommand();
        insert.CommandText =
            $"INSERT OR IGNORE INTO {table} ({string.Join(", ", all)}) VALUES ({string.Join(", ", all.Select((_, i) => $"$v{i}"))})";
        var values = all.Select((_, i) => insert.Parameters.Add(new SqliteParameter($"$v{i}", null))).ToArray();
        var copied = 0;
        foreach (var direction in new[] { "ASC", "DESC" })
        {
            try
            {
                using var select = from.CreateCommand();
                var order = string.Join(", ", key.Select(column => $"{column} {direction}"));
                select.CommandText = $"SELECT {string.Join(", ", all)} FROM {table} NOT INDEXED ORDER BY {order}";
                using var reader = select.ExecuteReader();
                while (reader.Read())
                {
                    for (var i = 0; i < values.Length; i++)
                    {
                        values[i].Value = reader.GetValue(i);
                    }

                    copied += insert.ExecuteNonQuery();
                }

                break;
            }
            catch (SqliteException error) when (SqliteDatabase.IsDamage(error))
            {
                // As far as it goes from this end.
            }
        }

        transaction.Commit();
        return copied;
    }

    private static List<(string Table, bool HasRowId)> Tables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        using var reader = command.ExecuteReader();
        var tables = new List<(string, bool)>();
        while (reader.Read())
        {
            tables.Add((reader.GetString(0), reader.GetInt64(1) == 0));
        }

        return tables;
    }

    private static string[] Names(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return [.. names];
    }

    private static SqliteConnection Connect(string path)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadWrite };
        var connection = new SqliteConnection(source.ToString());
        connection.Open();
        return connection;
    }
}
