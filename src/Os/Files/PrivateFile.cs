namespace Fleet.Os.Files;

/// <summary>Files that nobody but their owner reads, whole or not there.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Puts the content there in one step; at no moment can another user read it.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> content)
    {
        DurableFile.ClearUnfinished(path);
        DurableFile.Write(path, content, OwnerOnly);
    }

    /// <summary>Opens a file to read it. A pipe in its place would hold whoever opens it for ever, so only a file is opened.</summary>
    /// <exception cref="IOException">It is not there, cannot be read, or is no file.</exception>
    /// <exception cref="UnauthorizedAccessException">It is another user's, or a folder.</exception>
    public static FileStream OpenRead(string path) =>
        OperatingSystem.IsLinux() && File.Exists(path) && !FileStatus.Of(path).IsFile
            ? throw new IOException($"{path} is no regular file.")
            : File.OpenRead(path);

    /// <summary>All of a file's text (UTF-8).</summary>
    /// <inheritdoc cref="OpenRead" path="/exception"/>
    public static string ReadText(string path)
    {
        using var reader = new StreamReader(OpenRead(path));
        return reader.ReadToEnd();
    }

    /// <summary>Takes away what others may do with a file that is there.</summary>
    public static void Close(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
    }
}
