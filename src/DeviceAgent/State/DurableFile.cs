using System.Runtime.InteropServices;
using Fleet.Kernels.Models;

namespace Fleet.DeviceAgent.State;

/// <summary>Files that are still there, whole, after the power was cut.</summary>
internal static partial class DurableFile
{
    private const int ReadOnly = 0;

    /// <summary>When this returns, the file's bytes and its name are on the disk.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        AtomicFile.Write(path, write);
        Flush(Path.GetDirectoryName(path)!);
    }

    /// <summary>Moves a file whose bytes are on the disk already, so that its new name is, too.</summary>
    public static void Move(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        Flush(Path.GetDirectoryName(to)!);
    }

    /// <summary>A new name in a folder survives a power cut only once the folder itself was flushed (fsync(2)); .NET opens no folders.</summary>
    private static void Flush(string folder)
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

        // A file system that cannot flush folders (some network ones) keeps the order of its own accord.
        _ = Synchronise(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
