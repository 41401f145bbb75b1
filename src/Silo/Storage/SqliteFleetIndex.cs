using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Grains.Ports;

namespace Fleet.Silo.Storage;

/// <summary>The lists, in memory for readers and on disk for the next start. One silo owns its state folder, so memory is never behind.</summary>
internal sealed class SqliteFleetIndex : IFleetIndex
{
    private readonly SqliteWriter writer;
    private readonly Shelf<CampaignEntry> campaigns;
    private readonly Shelf<DeviceEntry> devices;
    private readonly Shelf<JobEntry> jobs;

    public SqliteFleetIndex(SqliteDatabase database, SqliteWriter writer)
    {
        this.writer = writer;
        campaigns = Shelf<CampaignEntry>.Load(database, "campaign", EntryJson.Default.CampaignEntry, entry => entry.Summary.Campaign);
        devices = Shelf<DeviceEntry>.Load(database, "device", EntryJson.Default.DeviceEntry, entry => entry.Description.Device);
        jobs = Shelf<JobEntry>.Load(database, "job", EntryJson.Default.JobEntry, entry => entry.Summary.Variant);
    }

    public ICollection<CampaignEntry> Campaigns => campaigns.Entries.Values;

    public ICollection<DeviceEntry> Devices => devices.Entries.Values;

    public ICollection<JobEntry> Jobs => jobs.Entries.Values;

    public Task SaveAsync(CampaignEntry entry, CancellationToken cancel) => SaveAsync(campaigns, entry);

    public Task SaveAsync(DeviceEntry entry, CancellationToken cancel) => SaveAsync(devices, entry);

    public Task SaveAsync(JobEntry entry, CancellationToken cancel) => SaveAsync(jobs, entry);

    public ValueTask<IReadOnlyList<CampaignEntry>> CampaignsAsync(CancellationToken cancel) => new([.. Campaigns]);

    public ValueTask<IReadOnlyList<DeviceEntry>> DevicesAsync(CancellationToken cancel) => new([.. Devices]);

    public ValueTask<IReadOnlyList<JobEntry>> JobsAsync(CancellationToken cancel) => new([.. Jobs]);

    private async Task SaveAsync<T>(Shelf<T> shelf, T entry)
    {
        var id = shelf.Id(entry);
        var json = JsonSerializer.Serialize(entry, shelf.Json);
        await writer.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT OR REPLACE INTO entries (kind, id, json) VALUES ($kind, $id, $json)";
            command.Parameters.AddWithValue("$kind", shelf.Kind);
            command.Parameters.AddWithValue("$id", id);
            command.Parameters.AddWithValue("$json", json);
            return command.ExecuteNonQuery();
        });
        shelf.Entries[id] = entry;
    }

    private sealed record Shelf<T>(string Kind, JsonTypeInfo<T> Json, Func<T, string> Id, ConcurrentDictionary<string, T> Entries)
    {
        public static Shelf<T> Load(SqliteDatabase database, string kind, JsonTypeInfo<T> json, Func<T, string> id)
        {
            var entries = new ConcurrentDictionary<string, T>();
            using var connection = database.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT json FROM entries WHERE kind = $kind";
            command.Parameters.AddWithValue("$kind", kind);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var entry = JsonSerializer.Deserialize(reader.GetString(0), json)!;
                entries[id(entry)] = entry;
            }

            return new Shelf<T>(kind, json, id, entries);
        }
    }
}
