using System.Collections.Concurrent;
using System.Security.Cryptography;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Artefacts;
using Fleet.Os.Files;
using Microsoft.Extensions.Logging;

namespace Fleet.Storage.Folders;

/// <summary>
/// Artefacts as files, named by their hash, under two levels of folders. A file is there whole or not at all. It is hashed when it is first
/// asked for after the silo's start and whenever its size or its time has changed since; one that is not what its name says (a disk that
/// lies, a restored backup, a slip of a person) counts as missing, and can be put again.
/// </summary>
internal sealed partial class FileArtefactStore : IArtefactStore, IArtefactFiles
{
    private const int BufferBytes = 1 << 17;
    private readonly string root;
    private readonly string drafts;
    private readonly ILogger<FileArtefactStore> logger;
    private readonly ConcurrentDictionary<string, Check> checks = new();

    public FileArtefactStore(string root, ILogger<FileArtefactStore> logger)
    {
        this.root = root;
        this.logger = logger;
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

    public async Task<ArtefactInfo?> FindAsync(string sha256, CancellationToken cancel)
    {
        await using var file = await OpenReadAsync(sha256, cancel).ConfigureAwait(false);
        return file is null ? null : new ArtefactInfo(sha256, file.Length);
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
            DurableFile.Move(draft, path);
            // Its bytes were hashed on their way to the disk.
            checks[sha256] = new Check(bytes, File.GetLastWriteTimeUtc(path), new Lazy<Task<bool>>(Task.FromResult(true)));
            return new ArtefactInfo(sha256, bytes);
        }
        catch (IOException error) when (DiskSpace.IsExhausted(error))
        {
            throw new OutOfSpaceException($"The disk under {root} is full: nothing of {sha256} was stored. Free some space.", error);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    public async Task<Stream?> OpenReadAsync(string sha256, CancellationToken cancel)
    {
        var path = PathOf(sha256);
        if (TryOpen(path) is not { } file)
        {
            return null;
        }

        var (bytes, written) = (file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
        var check = checks.AddOrUpdate(sha256, _ => NewCheck(), (_, known) => known.Bytes == bytes && known.Written == written ? known : NewCheck());
        try
        {
            if (await check.IsSound.Value.WaitAsync(cancel).ConfigureAwait(false))
            {
                return file;
            }
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await file.DisposeAsync().ConfigureAwait(false);
        return null;

        // Shared by all who ask meanwhile, and finished whoever gives up.
        Check NewCheck() => new(bytes, written, new Lazy<Task<bool>>(() => Task.Run(() => IsSoundAsync(path, sha256))));
    }

    private async Task<bool> IsSoundAsync(string path, string sha256)
    {
        try
        {
            await using var file = TryOpen(path);
            if (file is null)
            {
                return false;
            }

            var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, CancellationToken.None).ConfigureAwait(false));
            if (found != sha256)
            {
                LogDamaged(path, $"its SHA-256 is {found}");
            }

            return found == sha256;
        }
        catch (IOException error)
        {
            LogDamaged(path, error.Message);
            return false;
        }
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes, FileOptions.Asynchronous);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The artefact {Path} is damaged ({Why}). It counts as missing until it is stored again.")]
    private partial void LogDamaged(string path, string why);

    /// <summary>What came out for a file of this size and time.</summary>
    private sealed record Check(long Bytes, DateTime Written, Lazy<Task<bool>> IsSound);
}
