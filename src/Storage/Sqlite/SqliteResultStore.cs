using System.Globalization;
using System.Text.Json;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Results;
using Fleet.Domain.Json;
using Fleet.Domain.Measuring;
using Fleet.Domain.Results;
using Fleet.Domain.Text;
using Microsoft.Data.Sqlite;

namespace Fleet.Storage.Sqlite;

/// <summary>
/// Results as the JSON of their rows, with the run as the key: the second to come finds it taken. A row that is damaged comes back as one
/// that says so, and the others with it.
/// </summary>
internal sealed class SqliteResultStore(SqliteDatabase database, SqliteWriter writer, TimeProvider time) : IResultStore
{
    public Task<bool> TryStoreAsync(StoredResult result, CancellationToken cancel)
    {
        var json = JsonSerializer.Serialize(result.Row, DomainJson.Default.ResultRow);
        var storedAt = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        return writer.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                "INSERT INTO results (run, campaign, validity, stored_at, row, measurement) "
                + "VALUES ($run, $campaign, $validity, $stored_at, $row, $measurement) ON CONFLICT (run) DO NOTHING";
            command.Parameters.AddWithValue("$run", result.Row.Run);
            command.Parameters.AddWithValue("$campaign", result.Row.Campaign);
            command.Parameters.AddWithValue("$validity", result.Row.Validity.Word());
            command.Parameters.AddWithValue("$stored_at", storedAt);
            command.Parameters.AddWithValue("$row", json);
            command.Parameters.AddWithValue("$measurement", result.Measurement.IsEmpty ? DBNull.Value : result.Measurement.ToArray());
            return command.ExecuteNonQuery() == 1;
        });
    }

    public Task<IReadOnlyList<ResultRow>> RowsAsync(string campaign, CancellationToken cancel) => QueryAsync<IReadOnlyList<ResultRow>>(
        "SELECT campaign, run, row FROM results WHERE campaign = $key ORDER BY rowid",
        campaign,
        reader =>
        {
            var rows = new List<ResultRow>();
            while (reader.Read())
            {
                rows.Add(Row(reader));
            }

            return rows;
        },
        cancel);

    public Task<IReadOnlyDictionary<string, Validity>> ClosedRunsAsync(
        string campaign, CancellationToken cancel) => QueryAsync<IReadOnlyDictionary<string, Validity>>(
        "SELECT run, validity FROM results WHERE campaign = $key",
        campaign,
        reader =>
        {
            var runs = new Dictionary<string, Validity>();
            while (reader.Read())
            {
                // Of a damaged row nothing counts, but it closes its run.
                runs.Add(reader.GetString(0), Words<Validity>.TryParse(reader.GetString(1), out var validity) ? validity : Validity.Failed);
            }

            return runs;
        },
        cancel);

    public Task<IReadOnlyList<string>> RunsAsync(string beginning, int most, CancellationToken cancel) => QueryAsync<IReadOnlyList<string>>(
        // 'g' comes after every hexadecimal digit: the key's index answers.
        "SELECT run FROM results WHERE run >= $key AND run < $key || 'g' ORDER BY run",
        beginning,
        reader =>
        {
            var runs = new List<string>();
            while (runs.Count < most && reader.Read())
            {
                runs.Add(reader.GetString(0));
            }

            return runs;
        },
        cancel);

    public Task<ResultRow?> FindAsync(string run, CancellationToken cancel) => QueryAsync(
        "SELECT campaign, run, row FROM results WHERE run = $key",
        run,
        reader => reader.Read() ? Row(reader) : null,
        cancel);

    public Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> MeasurementsAsync(
        string campaign, CancellationToken cancel) => QueryAsync<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>(
        "SELECT run, measurement FROM results WHERE campaign = $key AND measurement IS NOT NULL",
        campaign,
        reader =>
        {
            var measurements = new Dictionary<string, ReadOnlyMemory<byte>>();
            while (reader.Read())
            {
                measurements.Add(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
            }

            return measurements;
        },
        cancel);

    public IReadOnlyList<(long Sequence, StoredResult Result)> StoredAfter(string campaign, long sequence) => Query(
        "SELECT campaign, run, row, rowid, measurement FROM results WHERE campaign = $key AND rowid > $after ORDER BY rowid",
        campaign,
        reader =>
        {
            var stored = new List<(long, StoredResult)>();
            while (reader.Read())
            {
                stored.Add((reader.GetInt64(3), new StoredResult(Row(reader), reader.IsDBNull(4) ? default : reader.GetFieldValue<byte[]>(4))));
            }

            return stored;
        },
        sequence);

    private Task<T> QueryAsync<T>(string sql, string key, Func<SqliteDataReader, T> read, CancellationToken cancel) =>
        Task.Run(() => Query(sql, key, read), cancel);

    private T Query<T>(string sql, string key, Func<SqliteDataReader, T> read, long after = 0) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$after", after);
        using var reader = command.ExecuteReader();
        return read(reader);
    });

    /// <summary>Of the columns campaign, run and row, which come first.</summary>
    private static ResultRow Row(SqliteDataReader reader)
    {
        var (campaign, run) = (reader.GetString(0), reader.GetString(1));
        try
        {
            var row = JsonSerializer.Deserialize(reader.GetString(2), DomainJson.Default.ResultRow);
            var fault = row is null ? "it is null"
                : RowCheck.FindFault(row) ?? ((row.Campaign, row.Run) == (campaign, run) ? null : $"it names run {row.Run} of campaign {row.Campaign}");
            return fault is null ? row! : UnreadableRow.Of(campaign, run, fault);
        }
        catch (JsonException error)
        {
            return UnreadableRow.Of(campaign, run, error.Message);
        }
    }
}
