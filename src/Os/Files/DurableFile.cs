using System.Runtime.InteropServices;

namespace Fleet.Os.Files;

/// <summary>Files that are never seen half written, and are still there, whole, after the power was cut.</summary>
public static partial class DurableFile
{
    private const string Unfinished = ".tmp";
    private const int BufferBytes = 1 << 16;
    private const int ReadOnly = 0;
    private const int NotSupported = 22; // EINVAL: a file system that cannot flush folders (some network ones) keeps the order of its own accord

    /// <summary>
    /// Writes into a new file beside <paramref name="path"/> and renames it over <paramref name="path"/>. When this returns, the file's bytes and its
    /// name are on the disk. If <paramref name="write"/> fails, what was there before stays as it was.
    /// </summary>
    /// <param name="mode">Who may read and write the file, from its first moment; by default whoever the umask lets.</param>
    public static void Write(string path, Action<Stream> write, UnixFileMode? mode = null)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}{Unfinished}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = BufferBytes };
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        var stream = new FileStream(unfinished, options);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            Move(unfinished, path);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <inheritdoc cref="Write(string, Action{Stream}, UnixFileMode?)"/>
    public static void Write(string path, ReadOnlyMemory<byte> content, UnixFileMode? mode = null) =>
        Write(path, stream => stream.Write(content.Span), mode);

    /// <summary>Moves a file whose bytes are on the disk already, so that its new name is, too.</summary>
    public static void Move(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>Deletes what processes that were killed in the middle of writing <paramref name="path"/> left behind.</summary>
    public static void ClearUnfinished(string path)
    {
        var full = Path.GetFullPath(path);
        foreach (var unfinished in Directory.GetFiles(Path.GetDirectoryName(full)!, $"{Path.GetFileName(full)}.*{Unfinished}"))
        {
            File.Delete(unfinished);
        }
    }

    // A new name in a folder survives a power cut only once the folder itself was flushed; .NET opens no folders.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"The folder {folder} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        var failed = Synchronise(descriptor) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (failed && error != NotSupported)
        {
            throw new IOException($"The folder {folder} cannot be flushed to the disk: {Marshal.GetPInvokeErrorMessage(error)}.", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
