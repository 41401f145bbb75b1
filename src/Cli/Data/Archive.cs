using System.Formats.Tar;
using System.IO.Compression;

namespace Fleet.Cli.Data;

/// <summary>Unpacks archives from elsewhere: only plain files and folders, only within the folder that is given, and no more than is sane.</summary>
internal static class Archive
{
    private const int BufferBytes = 1 << 17;
    private const int UnixTypeShift = 16;
    private const int UnixTypeMask = 0xf000;
    private const int UnixLink = 0xa000;

    /// <param name="mostBytes">All files together; an archive that holds more is refused.</param>
    /// <exception cref="InvalidDataException">
    /// The archive is damaged, or an entry lies outside, is a link or a device, stands twice, or is one too many.
    /// </exception>
    public static async Task UnpackAsync(string archive, ArchiveKind kind, string folder, long mostBytes, CancellationToken cancel)
    {
        var target = new Target(Path.GetFullPath(folder), mostBytes);
        await using var stream = new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, useAsync: true);
        switch (kind)
        {
            case ArchiveKind.Zip:
                await UnzipAsync(stream, target, cancel).ConfigureAwait(false);
                break;
            case ArchiveKind.TarGz:
                await using (var plain = new GZipStream(stream, CompressionMode.Decompress))
                {
                    await UntarAsync(plain, target, cancel).ConfigureAwait(false);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    private static async Task UnzipAsync(Stream stream, Target target, CancellationToken cancel)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            if (((entry.ExternalAttributes >> UnixTypeShift) & UnixTypeMask) == UnixLink)
            {
                throw new InvalidDataException($"'{entry.FullName}' is a link.");
            }

            if (entry.FullName.EndsWith('/'))
            {
                target.CreateFolder(entry.FullName);
                continue;
            }

            await using var content = await entry.OpenAsync(cancel).ConfigureAwait(false);
            await target.WriteAsync(entry.FullName, content, cancel).ConfigureAwait(false);
        }
    }

    private static async Task UntarAsync(Stream stream, Target target, CancellationToken cancel)
    {
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: false, cancel).ConfigureAwait(false) is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    target.CreateFolder(entry.Name);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    await target.WriteAsync(entry.Name, entry.DataStream ?? Stream.Null, cancel).ConfigureAwait(false);
                    break;
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw new InvalidDataException($"'{entry.Name}' is no plain file, but {entry.EntryType}.");
            }
        }
    }

    private sealed class Target(string folder, long mostBytes)
    {
        private readonly byte[] buffer = new byte[BufferBytes];
        private long written;

        public void CreateFolder(string name) => Directory.CreateDirectory(Place(name));

        public async Task WriteAsync(string name, Stream content, CancellationToken cancel)
        {
            var path = Place(name);
            if (Path.Exists(path))
            {
                throw new InvalidDataException($"'{name}' stands twice.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            // The size that the archive announces may be a lie: what comes out is counted.
            while (await content.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and var count)
            {
                written += count;
                if (written > mostBytes)
                {
                    throw new InvalidDataException($"it holds more than {mostBytes} bytes.");
                }

                await file.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
            }
        }

        private string Place(string name)
        {
            // Some packers write backslashes, on which not every system agrees.
            var path = name.Contains('\0') ? folder : Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(folder, name.Replace('\\', '/'))));
            return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) || name is "." or "./"
                ? path
                : throw new InvalidDataException($"'{name}' lies outside of the archive's folder.");
        }
    }
}
