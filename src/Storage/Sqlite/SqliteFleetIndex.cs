using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Campaigns.Json;
using Fleet.Campaigns.Ports;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Fleet.Storage.Sqlite;

/// <summary>The lists, in memory for readers and on disk for the next start. One silo owns its state folder, so memory is never behind.</summary>
internal sealed partial class SqliteFleetIndex : IFleetIndex
{
    private readonly SqliteWriter writer;
    private readonly ILogger<SqliteFleetIndex> logger;
    private readonly Shelf<CampaignEntry> campaigns;
    private readonly Shelf<DeviceEntry> devices;
    private readonly Shelf<JobEntry> jobs;

    /// <exception cref="StorageException">The lists cannot be read; a line that cannot is no reason.</exception>
    public SqliteFleetIndex(SqliteDatabase database, SqliteWriter writer, SqliteStorageOptions options, ILogger<SqliteFleetIndex> logger)
    {
        this.writer = writer;
        this.logger = logger;
        var setAside = options.SetAsideDamaged;
        try
        {
            campaigns = Load(database, setAside, "campaign", CampaignsJson.Default.CampaignEntry, entry => entry.Summary.Campaign);
            devices = Load(database, setAside, "device", CampaignsJson.Default.DeviceEntry, entry => entry.Description.Device);
            jobs = Load(database, setAside, "job", CampaignsJson.Default.JobEntry, entry => entry.Summary.Variant);
        }
        catch (SqliteException error)
        {
            throw SqliteDatabase.Unusable(database.Path, error);
        }
    }

    public IReadOnlyCollection<CampaignEntry> Campaigns => [.. campaigns.Entries.Values];

    public IReadOnlyCollection<DeviceEntry> Devices => [.. devices.Entries.Values];

    public IReadOnlyCollection<JobEntry> Jobs => [.. jobs.Entries.Values];

    public Task SaveAsync(CampaignEntry entry, CancellationToken cancel) => SaveAsync(campaigns, entry);

    public Task SaveAsync(DeviceEntry entry, CancellationToken cancel) => SaveAsync(devices, entry);

    public Task SaveAsync(JobEntry entry, CancellationToken cancel) => SaveAsync(jobs, entry);

    public async Task RemoveDeviceAsync(string device, CancellationToken cancel)
    {
        await writer.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM entries WHERE kind = $kind AND id = $id";
            command.Parameters.AddWithValue("$kind", devices.Kind);
            command.Parameters.AddWithValue("$id", device);
            return command.ExecuteNonQuery();
        });
        devices.Entries.TryRemove(device, out _);
    }

    public ValueTask<IReadOnlyList<CampaignEntry>> CampaignsAsync(CancellationToken cancel) => new([.. campaigns.Entries.Values]);

    public ValueTask<IReadOnlyList<DeviceEntry>> DevicesAsync(CancellationToken cancel) => new([.. devices.Entries.Values]);

    public ValueTask<IReadOnlyList<JobEntry>> JobsAsync(CancellationToken cancel) => new([.. jobs.Entries.Values]);

    private async Task SaveAsync<T>(Shelf<T> shelf, T entry)
    {
        var id = shelf.Id(entry);
        var json = JsonSerializer.Serialize(entry, shelf.Json);
        // Also where the disk is full: nobody is to take a device for silent because of that.
        shelf.Entries[id] = entry;
        await writer.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT OR REPLACE INTO entries (kind, id, json) VALUES ($kind, $id, $json)";
            command.Parameters.AddWithValue("$kind", shelf.Kind);
            command.Parameters.AddWithValue("$id", id);
            command.Parameters.AddWithValue("$json", json);
            return command.ExecuteNonQuery();
        });
    }

    // A line that cannot be read is left out and reported: it must not hide the others.
    private Shelf<T> Load<T>(SqliteDatabase database, bool setAside, string kind, JsonTypeInfo<T> json, Func<T, string> id)
    {
        var entries = new ConcurrentDictionary<string, T>();
        var damaged = new List<string>();
        using var connection = database.Open();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT id, json FROM entries WHERE kind = $kind";
            command.Parameters.AddWithValue("$kind", kind);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var key = reader.GetString(0);
                try
                {
                    var entry = JsonSerializer.Deserialize(reader.GetString(1), json) ?? throw new JsonException("It is null.");
                    entries[id(entry)] = entry;
                }
                catch (Exception error) when (
                    error is JsonException or NullReferenceException or ArgumentNullException or InvalidOperationException or InvalidCastException)
                {
                    LogDamaged(kind, key, database.Path, error.Message, setAside ? $"It is set aside as kind '{Aside(kind)}'." : SqliteDatabase.WayOut);
                    damaged.Add(key);
                }
            }
        }

        foreach (var key in setAside ? damaged : [])
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE OR REPLACE entries SET kind = $aside WHERE kind = $kind AND id = $id";
            command.Parameters.AddWithValue("$aside", Aside(kind));
            command.Parameters.AddWithValue("$kind", kind);
            command.Parameters.AddWithValue("$id", key);
            command.ExecuteNonQuery();
        }

        return new Shelf<T>(kind, json, id, entries);
    }

    private static string Aside(string kind) => kind + ".damaged";

    [LoggerMessage(Level = LogLevel.Error, Message = "The list entry of {Kind} {Id} in {Path} is damaged and left out: {Why} {WayOut}")]
    private partial void LogDamaged(string kind, string id, string path, string why, string wayOut);

    private sealed record Shelf<T>(string Kind, JsonTypeInfo<T> Json, Func<T, string> Id, ConcurrentDictionary<string, T> Entries);
}
