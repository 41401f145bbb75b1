namespace Fleet.Protocol.Processes;

/// <summary>Where Fleet keeps its state: <c>--state</c>, else <c>FLEET_STATE</c>, else the XDG state folder.</summary>
public static class StateFolder
{
    public const string Variable = "FLEET_STATE";

    /// <exception cref="InvalidOperationException">None of them is given and the user has no home folder.</exception>
    public static string Resolve(string? option)
    {
        if (!string.IsNullOrEmpty(option))
        {
            return Path.GetFullPath(option);
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable)
        {
            return Path.GetFullPath(variable);
        }

        // The XDG specification: a relative path is invalid and ignored.
        if (Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { } xdg && Path.IsPathRooted(xdg))
        {
            return Path.Combine(xdg, "fleet");
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        return home.Length > 0
            ? Path.Combine(home, ".local", "state", "fleet")
            : throw new InvalidOperationException($"There is no home folder to keep state in: give --state DIR, or set {Variable}.");
    }
}
