using Microsoft.Win32.SafeHandles;

namespace Fleet.Kernels.Models;

/// <summary>Bytes that are read from anywhere once it is known how many of them are needed.</summary>
public abstract class ByteSource(long length)
{
    public long Length { get; } = length;

    /// <summary>Fills <paramref name="target"/> with the bytes from <paramref name="offset"/> on, which must be there.</summary>
    /// <exception cref="IOException">They cannot be read, or the file became shorter meanwhile.</exception>
    public abstract void Read(long offset, Span<byte> target);
}

/// <summary>Bytes in memory.</summary>
public sealed class HeldBytes(ReadOnlyMemory<byte> bytes) : ByteSource(bytes.Length)
{
    public override void Read(long offset, Span<byte> target) => bytes.Span.Slice((int)offset, target.Length).CopyTo(target);
}

/// <summary>A file that is read where it lies: none of its bytes is held twice.</summary>
/// <param name="path">What messages call it.</param>
public sealed class OpenFile(SafeFileHandle handle, string path) : ByteSource(RandomAccess.GetLength(handle))
{
    /// <exception cref="IOException">The file cannot be read, or became shorter meanwhile.</exception>
    public override void Read(long offset, Span<byte> target)
    {
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(handle, target, offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"{path} became shorter while it was read.");
            }

            target = target[read..];
            offset += read;
        }
    }
}
