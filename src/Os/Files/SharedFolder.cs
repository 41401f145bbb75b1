using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Fleet.Os.Files;

/// <summary>
/// A folder in which every user of the machine locks the same files. It lies where everybody may write (/run/lock, /tmp), so whoever
/// comes first may have put a link or a folder of his own in its place: nothing is done by a path that could lead elsewhere. Folder and
/// files are opened without following links, looked at, and only then changed, by their handles.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class SharedFolder : IDisposable
{
    private const uint Root = 0;
    private const int Everyone = 0x1b6; // rw-rw-rw-
    private const int OpenFolder = 0x3ff; // rwxrwxrwt: all may add files, none may take away those of others
    private const int OwnerOnly = 0x1c0; // rwx------
    private const int OwnerReadsAndWrites = 0x180; // rw-------
    private const int PermissionBits = 0xfff;

    private const int ReadOnly = 0;
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    private const int NoEntry = 2; // ENOENT
    private const int WouldBlock = 11; // EWOULDBLOCK
    private const int Exists = 17; // EEXIST
    private const int NotAFolder = 20; // ENOTDIR
    private const int Link = 40; // ELOOP

    private readonly SafeFileHandle folder;
    private readonly string path;

    private SharedFolder(SafeFileHandle folder, string path)
    {
        this.folder = folder;
        this.path = path;
    }

    // These two differ between processors.
    private static int MustBeFolder { get; } = IsArm ? 0x4000 : 0x10000;

    private static int NoLinks { get; } = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>Opens the folder, which is made where there is none.</summary>
    /// <exception cref="IOException">It is a link, another user's, or one where others may replace files; or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder around it cannot be written.</exception>
    public static SharedFolder Open(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
        {
            Directory.CreateDirectory(parent);
        }

        var made = MakeFolder(path, OwnerOnly) == 0;
        if (!made && Marshal.GetLastPInvokeError() is var error and not Exists)
        {
            throw Failure("cannot be made", error);
        }

        var folder = OpenPath(path, ReadOnly | MustBeFolder | NoLinks | CloseOnExec);
        if (folder.IsInvalid)
        {
            throw Failure("cannot be opened", Marshal.GetLastPInvokeError());
        }

        try
        {
            Secure(folder, made);
            return new SharedFolder(folder, path);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The lock on a file of the folder, which is made where there is none; null where somebody holds it. Held until the handle is disposed.</summary>
    /// <exception cref="IOException">The file is a link or no plain file, or is closed to this user.</exception>
    public SafeFileHandle? TryLock(string name, bool exclusive)
    {
        var file = OpenFile(name);
        try
        {
            if (!FileStatus.Of(file).IsFile)
            {
                throw new IOException("it is no plain file.");
            }

            if (Lock(file, (exclusive ? 2 : 1) | 4) == 0)
            {
                return file;
            }

            if (Marshal.GetLastPInvokeError() is var error and not WouldBlock)
            {
                throw Failure("cannot be locked", error);
            }

            file.Dispose();
            return null;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => folder.Dispose();

    public override string ToString() => path;

    // Without O_CREAT first: in such folders Linux refuses it (fs.protected_regular) for files of other users that are there.
    private SafeFileHandle OpenFile(string name)
    {
        while (true)
        {
            const int Usual = ReadWrite | NonBlocking | CloseOnExec;
            var file = OpenAt(folder, name, Usual | NoLinks, 0);
            if (!file.IsInvalid)
            {
                return file;
            }

            if (Marshal.GetLastPInvokeError() is var error and not NoEntry)
            {
                throw Failure("cannot be opened", error);
            }

            file = OpenAt(folder, name, Usual | NoLinks | Create | Exclusive, OwnerReadsAndWrites);
            if (!file.IsInvalid)
            {
                // It is this process that made it: whatever the umask, all users of the machine share it.
                Change(file, Everyone);
                return file;
            }

            if (Marshal.GetLastPInvokeError() is var failed and not Exists)
            {
                throw Failure("cannot be made", failed);
            }
        }
    }

    private static void Secure(SafeFileHandle folder, bool made)
    {
        if (made)
        {
            Change(folder, OpenFolder);
            return;
        }

        var status = FileStatus.Of(folder);
        if (status.Owner != Root && status.Owner != EffectiveUser())
        {
            throw new IOException($"the folder belongs to another user (uid {status.Owner}), who could replace what is in it.");
        }

        if (!status.IsOpenToOthers || (status.Mode & FileStatus.Sticky) != 0)
        {
            return;
        }

        if (status.Owner != EffectiveUser())
        {
            throw new IOException("other users could replace files in the folder (it lacks the sticky bit).");
        }

        Change(folder, (status.Mode & PermissionBits) | FileStatus.Sticky);
    }

    private static void Change(SafeFileHandle handle, int mode)
    {
        if (ChangeMode(handle, mode) != 0)
        {
            throw Failure("cannot be opened to other users", Marshal.GetLastPInvokeError());
        }
    }

    private static IOException Failure(string what, int error) => new(error switch
    {
        Link => "it is a link, and links are not followed here.",
        NotAFolder => "it is a link or a file where a folder should be.",
        _ => $"it {what}: {Marshal.GetPInvokeErrorMessage(error)}.",
    });

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFolder(string path, int mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenPath(string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenAt(SafeFileHandle folder, string name, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeMode(SafeFileHandle handle, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle handle, int operation);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
