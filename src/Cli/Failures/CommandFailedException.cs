using Fleet.Domain.Campaigns;
using Fleet.Os.Processes;

namespace Fleet.Cli.Failures;

/// <summary>Ends a command: what went wrong in words for people, the way out, and the exit code.</summary>
internal class CommandFailedException(int exitCode, string message, string? wayOut = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What the person can do about it.</summary>
    public string? WayOut { get; } = wayOut;

    /// <summary>The mistakes of a file, where it was one.</summary>
    public IReadOnlyList<FileProblem> Problems { get; init; } = [];

    public static CommandFailedException Usage(string message, string? wayOut = null) => new(ExitCodes.Usage, message, wayOut);
}

/// <summary>The silo does not accept the token that the call carried, or wants one.</summary>
internal sealed class TokenRefusedException(string message) : CommandFailedException(ExitCodes.Failed, message);

/// <summary>The silo cannot be reached, or went away.</summary>
internal sealed class SiloUnreachableException(string message, string? wayOut = null)
    : CommandFailedException(ExitCodes.Unreachable, message, wayOut);
