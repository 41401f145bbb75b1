namespace Fleet.Os.Files;

/// <summary>
/// A lock on a file that the kernel holds for one process and drops with it, however it ends: flock(2) through <see cref="FileStream"/>.
/// It binds only those who ask for it, and lives on the file's inode: a lock file is never deleted or replaced.
/// </summary>
/// <remarks>
/// .NET maps <see cref="FileShare.None"/> to LOCK_EX | LOCK_NB and <see cref="FileAccess.Read"/> with <see cref="FileShare.Read"/> to
/// LOCK_SH | LOCK_NB, opens with O_CLOEXEC (a child does not inherit the lock), and reports EWOULDBLOCK as an
/// <see cref="IOException"/> whose HResult is the error number.
/// </remarks>
public static class FileLock
{
    private const int WouldBlockLinux = 11;
    private const int WouldBlockApple = 35;
    private const int SharingViolationWindows = unchecked((int)0x80070020);

    /// <summary>The lock for the caller alone, held until the stream is disposed; null where somebody else holds it in either way.</summary>
    /// <exception cref="IOException">The file cannot be opened, for another reason than the lock.</exception>
    /// <exception cref="UnauthorizedAccessException">The file belongs to another user.</exception>
    public static FileStream? TryExclusive(string path) => Try(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>The lock together with others who share it; null where somebody holds it alone. The file must exist.</summary>
    /// <inheritdoc cref="TryExclusive" path="/exception"/>
    public static FileStream? TryShared(string path) => Try(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    private static FileStream? Try(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(path, mode, access, share, bufferSize: 0);
        }
        catch (IOException error) when (error.HResult is WouldBlockLinux or WouldBlockApple or SharingViolationWindows)
        {
            return null;
        }
    }
}
