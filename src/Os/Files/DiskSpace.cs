namespace Fleet.Os.Files;

/// <summary>Distinguishes a full disk from other trouble with files: it passes as soon as somebody frees space.</summary>
public static class DiskSpace
{
    private const int TooLarge = 27; // EFBIG: the user's own limit (ulimit -f)
    private const int NoSpaceLeft = 28; // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT

    /// <summary>.NET hands the error number on as the exception's HResult.</summary>
    public static bool IsExhausted(Exception error) => error is IOException { HResult: NoSpaceLeft or QuotaExceeded or TooLarge };
}
