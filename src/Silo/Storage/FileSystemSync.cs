using System.Runtime.InteropServices;

namespace Fleet.Silo.Storage;

/// <summary>Makes renames durable.</summary>
internal static partial class FileSystemSync
{
    /// <summary>Returns once the folder's entries are on disk, where the system can do that.</summary>
    public static void Folder(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // .NET opens no folders; the system calls do. O_RDONLY is 0.
        var descriptor = Open(path, 0);
        if (descriptor < 0)
        {
            throw new IOException($"The folder {path} cannot be opened (errno {Marshal.GetLastPInvokeError()}).");
        }

        var failed = Sync(descriptor) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (failed)
        {
            throw new IOException($"The folder {path} cannot be made durable (errno {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
