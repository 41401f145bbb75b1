namespace Fleet.Cli.Packages;

/// <summary>What a build of the agent needs of this machine; tests give their own.</summary>
/// <param name="Checkout">The folder of the product's sources; null where the command does not run from one.</param>
/// <param name="Dotnet">The SDK's command.</param>
/// <param name="Find">The full path of a command, or of a file given by its full path; null where there is none.</param>
internal sealed record BuildTools(string? Checkout, string Dotnet, Func<string, string?> Find)
{
    /// <summary>By which the launcher tells where the sources are that it built.</summary>
    public const string CheckoutVariable = "FLEET_CHECKOUT";

    public static BuildTools OfProcess() => new(
        Environment.GetEnvironmentVariable(CheckoutVariable) is { Length: > 0 } checkout ? checkout : null,
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
        FindOnPath);

    // A full path stays what it is, whatever the folder.
    private static string? FindOnPath(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, command))
            .FirstOrDefault(File.Exists);
}
