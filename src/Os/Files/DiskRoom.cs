namespace Fleet.Os.Files;

/// <summary>Tells a full disk from other trouble with files: it passes as soon as somebody makes room.</summary>
public static class DiskRoom
{
    private const int TooLarge = 27; // EFBIG: the user's own limit (ulimit -f)
    private const int NoSpaceLeft = 28; // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT

    /// <summary>Is it for want of room? .NET hands the error number on as the exception's HResult.</summary>
    public static bool IsWanting(Exception error) => error is IOException { HResult: NoSpaceLeft or QuotaExceeded or TooLarge };
}
