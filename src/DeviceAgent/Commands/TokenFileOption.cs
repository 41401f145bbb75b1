using System.CommandLine;
using Fleet.DeviceAgent.Diagnostics;
using Fleet.DeviceAgent.State;
using Fleet.Os.Processes;
using Fleet.Os.State;

namespace Fleet.DeviceAgent.Commands;

/// <summary><c>--token-file</c>: never the token itself, which every user of the machine would read in the list of processes.</summary>
internal static class TokenFileOption
{
    public static Option<string?> Create() => new("--token-file")
    {
        Description = $"File with the silo's token, a copy of '{AccessToken.FileName}' in the silo's state folder. "
            + $"Default: ${AccessToken.Variable}, else that of the silo on this machine.",
        HelpName = "FILE",
    };

    /// <exception cref="AgentException">It is empty, or there is no place to look for it.</exception>
    public static string Resolve(string? option)
    {
        if (option is not null)
        {
            return string.IsNullOrWhiteSpace(option)
                ? throw new AgentException("--token-file is empty: give a file, or leave the option out.", ExitCodes.Usage)
                : Path.GetFullPath(option);
        }

        return Environment.GetEnvironmentVariable(AccessToken.Variable) is { Length: > 0 } variable
            ? Path.GetFullPath(variable)
            : Path.Combine(StatePlace.OfSilo(), AccessToken.FileName);
    }
}
