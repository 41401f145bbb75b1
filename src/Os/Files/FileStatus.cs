using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Fleet.Os.Files;

/// <summary>What Linux says of a file or folder that .NET does not: which one it is, and whose.</summary>
internal readonly partial record struct FileStatus(uint DeviceMajor, uint DeviceMinor, ulong Inode, uint Owner, int Mode)
{
    /// <summary>The bit by which only its owner may rename or delete a file in a folder that others write to.</summary>
    public const int Sticky = 0x200;

    private const int CurrentFolder = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint BasicStatus = 0x7ff; // STATX_BASIC_STATS
    private const int KindMask = 0xf000;
    private const int RegularFile = 0x8000;
    private const int StatusBytes = 256;

    public bool IsFile => (Mode & KindMask) == RegularFile;

    /// <summary>Others than its owner can write to it.</summary>
    public bool IsOpenToOthers => (Mode & 0x12) != 0;

    /// <exception cref="IOException">There is no such file, or it cannot be asked.</exception>
    public static FileStatus Of(string path) => Ask(CurrentFolder, path, 0);

    /// <inheritdoc cref="Of(string)"/>
    public static FileStatus Of(SafeHandle handle) => Ask((int)handle.DangerousGetHandle(), "", EmptyPath);

    // struct statx has the same layout on every architecture, which struct stat has not.
    private static FileStatus Ask(int folder, string path, int flags)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        return StatX(folder, path, flags, BasicStatus, ref MemoryMarshal.GetReference(status)) == 0
            ? new FileStatus(
                BinaryPrimitives.ReadUInt32LittleEndian(status[136..]),
                BinaryPrimitives.ReadUInt32LittleEndian(status[140..]),
                BinaryPrimitives.ReadUInt64LittleEndian(status[32..]),
                BinaryPrimitives.ReadUInt32LittleEndian(status[20..]),
                BinaryPrimitives.ReadUInt16LittleEndian(status[28..]))
            : throw new IOException($"{(path.Length > 0 ? path : "An open file")} cannot be examined: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte status);
}
