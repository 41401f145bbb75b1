using Fleet.Os.Files;

namespace Fleet.Os.State;

/// <summary>Where Fleet keeps its state: <c>--state</c>, else <c>FLEET_STATE</c>, else the XDG state folder.</summary>
public static class StateFolder
{
    public const string Variable = "FLEET_STATE";

    /// <summary>The silo of a state folder holds this file of it (<see cref="FileLock.TryExclusive"/>) from its first moment to its last.</summary>
    public const string LockFileName = "silo.lock";

    /// <summary>What is wrong with an option that names no folder, and the way out.</summary>
    public const string EmptyOption = "--state is empty: give a folder, as --state DIR.";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WrittenByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <exception cref="InvalidOperationException">The option is empty, or none of them is given and the user has no home folder.</exception>
    public static string Resolve(string? option)
    {
        if (option is not null)
        {
            return Path.GetFullPath(string.IsNullOrWhiteSpace(option) ? throw new InvalidOperationException(EmptyOption) : option);
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

    /// <summary>
    /// Makes a silo's folder where there is none, for its owner alone. One that is empty or was a silo's before is closed to others; a
    /// folder with other things in it stays as it is.
    /// </summary>
    /// <exception cref="IOException">It cannot be made, or others could replace what is in it.</exception>
    /// <exception cref="UnauthorizedAccessException">It is another user's.</exception>
    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, OwnerOnly);
            return;
        }

        var mode = File.GetUnixFileMode(path);
        if (mode == OwnerOnly)
        {
            return;
        }

        if (File.Exists(Path.Combine(path, LockFileName)) || !Directory.EnumerateFileSystemEntries(path).Any())
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
        else if ((mode & WrittenByOthers) != 0)
        {
            throw new IOException($"Other users may write to it, and could replace what is in it (chmod 700 {path}).");
        }
    }
}
