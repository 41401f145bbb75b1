using System.Text.Json;
using Fleet.Cli.Failures;
using Fleet.Os.Files;

namespace Fleet.Cli.Data;

/// <summary>What a data set's archive was when it was first fetched; later downloads are held to it.</summary>
internal sealed record DataLock(Uri Url, long Bytes, string Sha256, DateTimeOffset RecordedAt);

/// <summary>The data sets that <c>fleet data get</c> brought to this machine: <c>NAME/</c>, beside it <c>NAME.lock.json</c>.</summary>
internal sealed class DataStore(string root)
{
    private const int Depth = 3;

    public string Root => root;

    public string FolderOf(DataSet data) => Path.Combine(root, data.Name);

    /// <summary>What is not whole yet. Never read but to go on with it.</summary>
    public string PartOf(DataSet data) => Path.Combine(root, data.Name + ".part");

    public string LockOf(DataSet data) => Path.Combine(root, data.Name + ".lock.json");

    /// <summary>The folder that a task reads; null where the data set is not here.</summary>
    public string? Find(DataSet data) => Directory.Exists(FolderOf(data)) ? Find(FolderOf(data), data.Marker) : null;

    /// <summary>The nearest folder at or below <paramref name="folder"/> that holds <paramref name="marker"/>.</summary>
    public static string? Find(string folder, string marker)
    {
        IReadOnlyList<string> level = [folder];
        for (var depth = 0; depth <= Depth && level.Count > 0; depth++)
        {
            if (level.FirstOrDefault(one => File.Exists(Path.Combine(one, marker))) is { } found)
            {
                return found;
            }

            level = [.. level.SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal)];
        }

        return null;
    }

    /// <exception cref="CommandFailedException">The file is there but cannot be read.</exception>
    public DataLock? ReadLock(DataSet data)
    {
        var path = LockOf(data);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), DataJson.Default.DataLock) : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.Usage(
                $"{path} cannot be read: {error.Message}", "It says which archive was fetched before. Delete it to trust the next one.");
        }
    }

    public void WriteLock(DataSet data, DataLock record) =>
        DurableFile.Write(LockOf(data), JsonSerializer.SerializeToUtf8Bytes(record, DataJson.Default.DataLock));
}
