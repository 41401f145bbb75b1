namespace Fleet.Tasks.Tests;

/// <summary>Where real data sets lie: <c>FLEET_DATA</c>, else ../shared/data beside the repository.</summary>
internal static class RealData
{
    /// <summary>The data set's folder; the test is skipped where it is not there.</summary>
    public static string Folder(string name)
    {
        var folder = Path.Combine(Root(), name);
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not there; set FLEET_DATA to the folder of the data sets.");
        return folder;
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("FLEET_DATA") is { Length: > 0 } told)
        {
            return told;
        }

        var place = new DirectoryInfo(AppContext.BaseDirectory);
        while (place is not null && !File.Exists(Path.Combine(place.FullName, "Fleet.sln")))
        {
            place = place.Parent;
        }

        return Path.GetFullPath(Path.Combine(place?.FullName ?? AppContext.BaseDirectory, "..", "shared", "data"));
    }
}
