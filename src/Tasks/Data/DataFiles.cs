namespace Fleet.Tasks.Data;

/// <summary>The files of a data folder.</summary>
internal static class DataFiles
{
    /// <summary>
    /// Those that match, in ordinal order. Hidden files are none: macOS puts a <c>._NAME</c> with attributes beside each NAME
    /// on disks and in archives that cannot hold these.
    /// </summary>
    public static IEnumerable<string> Of(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern).Where(path => Path.GetFileName(path)[0] != '.').Order(StringComparer.Ordinal);
}
