using System.Security.Cryptography;
using Fleet.Grains.Ports;
using Fleet.Protocol;
using Fleet.Protocol.Processes;

namespace Fleet.Silo.Storage;

/// <summary>Artefacts as files, named by their hash, under two levels of folders. A file is there whole or not at all.</summary>
internal sealed class FileArtefactStore : IArtefactStore
{
    private const int BufferBytes = 1 << 17;
    private readonly string root;
    private readonly string drafts;

    public FileArtefactStore(string root)
    {
        this.root = root;
        drafts = Path.Combine(root, "drafts");
        // What a silo that died was about to store.
        if (Directory.Exists(drafts))
        {
            Directory.Delete(drafts, recursive: true);
        }

        Directory.CreateDirectory(drafts);
    }

    /// <summary>Where the artefact lies, if it is there.</summary>
    public string PathOf(string sha256) => ArtefactName.IsValid(sha256)
        ? Path.Combine(root, sha256[..2], sha256)
        : throw new ArgumentException($"'{sha256}' is no artefact's name: 64 hexadecimal digits in lower case.", nameof(sha256));

    public Task<ArtefactInfo?> FindAsync(string sha256, CancellationToken cancel)
    {
        var file = new FileInfo(PathOf(sha256));
        return Task.FromResult(file.Exists ? new ArtefactInfo(sha256, file.Length) : null);
    }

    public async Task<ArtefactInfo> PutAsync(string sha256, Stream content, CancellationToken cancel)
    {
        var path = PathOf(sha256);
        if (await FindAsync(sha256, cancel).ConfigureAwait(false) is { } there)
        {
            return there;
        }

        var draft = Path.Combine(drafts, Guid.NewGuid().ToString("N"));
        try
        {
            var (actual, bytes) = await CopyAsync(content, draft, cancel).ConfigureAwait(false);
            if (actual != sha256)
            {
                throw new InvalidDataException($"The content's SHA-256 is {actual}, not {sha256}. Nothing was stored.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(draft, path, overwrite: true);
            FileSystemSync.Folder(Path.GetDirectoryName(path)!);
            return new ArtefactInfo(sha256, bytes);
        }
        catch (IOException error) when (DiskRoom.IsWanting(error))
        {
            throw new NoRoomException($"The disk under {root} is full: nothing of {sha256} was stored. Free some space.", error);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    public Stream? OpenRead(string sha256)
    {
        try
        {
            return new FileStream(PathOf(sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes, FileOptions.Asynchronous);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static async Task<(string Sha256, long Bytes)> CopyAsync(Stream content, string path, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        var bytes = 0L;
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        int read;
        while ((read = await content.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
            bytes += read;
        }

        file.Flush(flushToDisk: true);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
    }
}
