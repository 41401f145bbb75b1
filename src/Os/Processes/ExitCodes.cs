namespace Fleet.Os.Processes;

/// <summary>Exit codes of every Fleet program.</summary>
public static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    /// <summary>Wrong usage, or a wrong file.</summary>
    public const int Usage = 2;
    public const int Unreachable = 3;
    public const int Interrupted = 130;
}
