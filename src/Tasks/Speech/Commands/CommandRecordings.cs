using Fleet.Tasks.Data;

namespace Fleet.Tasks.Speech.Commands;

/// <summary>A recording of Speech Commands.</summary>
/// <param name="Word">Its folder: what is said.</param>
/// <param name="Name">Its file name; what stands before <c>_nohash_</c> is the speaker.</param>
internal sealed record CommandRecording(string Path, string Word, string Name)
{
    private const string Separator = "_nohash_";

    public string Speaker { get; } = Name.IndexOf(Separator, StringComparison.Ordinal) is >= 0 and var end ? Name[..end] : Name;

    /// <summary>As the lists have it: <c>yes/0a7c2a8d_nohash_0.wav</c>.</summary>
    public string Entry => $"{Word}/{Name}";
}

/// <summary>Finds the recordings of a folder in the layout of Speech Commands.</summary>
internal static class CommandRecordings
{
    /// <summary>All recordings, by word and name. Folders whose names begin with <c>_</c> or <c>.</c> hold none.</summary>
    /// <exception cref="TaskDataException">There is no folder of words.</exception>
    public static IReadOnlyList<CommandRecording> Find(string folder)
    {
        const string expected = "Expected is the folder that holds one folder a word with WAV files, as yes/0a7c2a8d_nohash_0.wav.";
        if (!Directory.Exists(folder))
        {
            throw new TaskDataException(File.Exists(folder) ? $"{folder} is a file. {expected}" : $"The data folder {folder} does not exist. {expected}");
        }

        var found = In(folder);
        if (found.Count > 0)
        {
            return found;
        }

        var inner = Words(folder).FirstOrDefault(child => In(child).Count > 0);
        throw new TaskDataException($"{folder} holds no words. {expected}{(inner is null ? "" : $" Did you mean {inner}?")}");
    }

    private static List<CommandRecording> In(string folder) =>
    [
        .. from word in Words(folder)
        from path in DataFiles.Of(word, "*.wav")
        select new CommandRecording(path, Path.GetFileName(word), Path.GetFileName(path)),
    ];

    private static IEnumerable<string> Words(string folder) =>
        Directory.EnumerateDirectories(folder).Where(child => Path.GetFileName(child)[0] is not ('_' or '.')).Order(StringComparer.Ordinal);
}
