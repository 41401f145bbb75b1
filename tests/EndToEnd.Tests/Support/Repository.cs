namespace Fleet.EndToEnd.Tests.Support;

/// <summary>Where the checkout and the real data are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Launcher => Path.Combine(Root, "fleet");

    /// <summary>A real data set: below <c>FLEET_DATA</c>, else below ../shared/data.</summary>
    public static string Data(string name)
    {
        var told = Environment.GetEnvironmentVariable("FLEET_DATA");
        var folder = Path.Combine(string.IsNullOrEmpty(told) ? Path.Combine(Root, "..", "shared", "data") : told, name);
        Assert.True(Directory.Exists(folder), $"The data set {name} is not in {folder}. Set FLEET_DATA to the folder that holds it.");
        return Path.GetFullPath(folder);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fleet.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Fleet.sln is not above the tests.");
    }
}
