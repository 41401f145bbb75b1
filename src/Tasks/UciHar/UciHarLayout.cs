using Fleet.Tasks.Data;

namespace Fleet.Tasks.UciHar;

/// <summary>Is every file where it belongs? Asked before anything is read, so that a wrong folder is named as one.</summary>
internal static class UciHarLayout
{
    private const int Listed = 8;
    private static readonly string[] Parts = ["train", "test"];

    /// <exception cref="TaskDataException">The folder or a file is missing: says what was expected and what is there.</exception>
    public static void Check(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new TaskDataException(File.Exists(folder)
                ? $"{folder} is a file, but the data of uci-har is a folder. Give the folder that holds train/ and test/."
                : $"The data folder {folder} does not exist. Expected is the folder of UCI HAR, which holds train/ and test/.{Parent(folder)}");
        }

        var missing = Expected(folder).FirstOrDefault(path => !File.Exists(path));
        if (missing is not null)
        {
            var relative = Path.GetRelativePath(folder, missing);
            throw new TaskDataException(
                $"{folder} is not a whole UCI HAR folder: {relative} is missing."
                    + " Expected are {train,test}/Inertial Signals/{body_acc,body_gyro,total_acc}_{x,y,z}_{train,test}.txt"
                    + $" and {{train,test}}/y_{{train,test}}.txt. {Near(folder, missing)}{Nested(folder)}");
        }
    }

    private static IEnumerable<string> Expected(string folder) =>
        from part in Parts
        from path in UciHarFolder.Task.Channels.Select(channel => UciHarFolder.SignalPath(folder, part, channel)).Append(UciHarFolder.LabelPath(folder, part))
        select path;

    // The nearest folder that exists on the way to the missing file says most about what went wrong.
    private static string Near(string folder, string missing)
    {
        var place = Path.GetDirectoryName(missing)!;
        while (!Directory.Exists(place) && place.Length > folder.Length)
        {
            place = Path.GetDirectoryName(place)!;
        }

        return $"{place} holds {List(place)}.";
    }

    private static string Parent(string folder)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(folder));
        return parent is not null && Directory.Exists(parent) ? $" {parent} holds {List(parent)}." : "";
    }

    private static string Nested(string folder)
    {
        var inner = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
            .FirstOrDefault(child => Expected(child).All(File.Exists));
        return inner is null ? "" : $" Did you mean {inner}?";
    }

    private static string List(string folder)
    {
        var names = Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        return names.Count switch
        {
            0 => "nothing",
            <= Listed => string.Join(", ", names),
            _ => $"{string.Join(", ", names.Take(Listed))} and {names.Count - Listed} more",
        };
    }
}
