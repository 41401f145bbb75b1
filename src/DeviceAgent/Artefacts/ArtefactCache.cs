using System.Security.Cryptography;
using Fleet.DeviceAgent.Diagnostics;
using Fleet.Os.Files;
using Fleet.Os.Transfer;

namespace Fleet.DeviceAgent.Artefacts;

/// <summary>
/// Artefacts on the agent's disk, each under its SHA-256, bounded: the least recently used one goes first, and never one that the
/// session at hand needs. A file's time of last write is the time of its last use. One session at a time uses the cache.
/// </summary>
internal sealed class ArtefactCache
{
    public const long DefaultLimitBytes = 512L << 20;

    private const string Partial = ".part";

    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);

    /// <summary>Left free on the disk for the journal and the system.</summary>
    private const long ReserveBytes = 32L << 20;

    private readonly string folder;
    private readonly long limitBytes;
    private readonly Download download;
    private readonly TimeProvider time;
    private readonly AgentLog log;
    private readonly TimeSpan patience;

    /// <param name="patience">How long an artefact is asked for while the silo is away.</param>
    public ArtefactCache(string folder, long limitBytes, TimeSpan patience, HttpClient http, TimeProvider time, AgentLog log)
    {
        this.folder = folder;
        this.limitBytes = limitBytes;
        this.patience = patience;
        this.time = time;
        this.log = log;
        download = new Download(http, time) { Stall = Stall };
    }

    /// <summary>The path of an artefact whose bytes were checked just now, fetched if need be.</summary>
    /// <param name="needed">All that the session needs: never evicted.</param>
    /// <exception cref="ArtefactException">It cannot be had, or there is no space for it.</exception>
    public async Task<string> GetAsync(ArtefactReference artefact, Uri silo, IReadOnlySet<ArtefactReference> needed, CancellationToken cancel)
    {
        var path = Path.Combine(folder, artefact.Sha256);
        if (await IsSoundAsync(path, artefact, cancel).ConfigureAwait(false))
        {
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
            return path;
        }

        MakeRoom(artefact, needed);
        await FetchAsync(artefact, new Uri(silo, $"artifacts/{artefact.Sha256}"), path, cancel).ConfigureAwait(false);
        return path;
    }

    private async Task FetchAsync(ArtefactReference artefact, Uri source, string path, CancellationToken cancel)
    {
        var partial = path + Partial;
        var until = time.GetUtcNow() + patience;
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20), Random.Shared);
        while (true)
        {
            try
            {
                await DownloadAsync(artefact, source, partial, cancel).ConfigureAwait(false);
                DurableFile.Move(partial, path);
                File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
                return;
            }
            catch (ArtefactException error) when (error is { IsTransient: true, IsOutOfSpace: false } && time.GetUtcNow() < until)
            {
                if (backoff.Failures == 0)
                {
                    log.Write($"{error.Message} It is tried again for {patience.TotalMinutes:0.#} minutes.");
                }

                await Task.Delay(backoff.Next(), time, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <exception cref="ArtefactException">
    /// It could not be had. The partial file is kept where the connection broke, and deleted where its bytes are wrong or the disk is full.
    /// </exception>
    private async Task DownloadAsync(ArtefactReference artefact, Uri source, string partial, CancellationToken cancel)
    {
        var resumed = File.Exists(partial);
        try
        {
            await download.RunAsync(source, partial, artefact.Bytes, cancel).ConfigureAwait(false);
        }
        catch (TransferException error) when (error.Failure is TransferFailure.OutOfSpace)
        {
            Download.Discard(partial);
            throw ArtefactException.OutOfSpace(
                $"The disk under {folder} is full: {artefact.Bytes} bytes of {source} do not fit. "
                + "Free some space, or move the agent's state with --state.",
                error);
        }
        catch (TransferException error) when (error.Failure is TransferFailure.Missing)
        {
            throw new ArtefactException($"The silo does not have {source}: the artefact was removed after the lease was granted.", inner: error);
        }
        catch (TransferException error)
        {
            throw new ArtefactException(error.Message, transient: error.Failure is TransferFailure.Interrupted, error);
        }

        if (await HashAsync(partial, cancel).ConfigureAwait(false) is var found && found != artefact.Sha256)
        {
            // What an earlier attempt left may have been no part of it.
            Download.Discard(partial);
            throw new ArtefactException(
                $"{source} was fetched but its bytes are not those leased: their SHA-256 is {found}. The silo's copy may be damaged.",
                transient: resumed);
        }
    }

    // Flash wears out: what was sound when it was stored need not be so today.
    private async Task<bool> IsSoundAsync(string path, ArtefactReference artefact, CancellationToken cancel)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        var found = await HashAsync(path, cancel).ConfigureAwait(false);
        if (found == artefact.Sha256)
        {
            return true;
        }

        log.Write($"{path} was damaged on the disk (its SHA-256 is {found} now); it is fetched again.");
        File.Delete(path);
        return false;
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancel)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel).ConfigureAwait(false));
    }

    private void MakeRoom(ArtefactReference artefact, IReadOnlySet<ArtefactReference> needed)
    {
        var wanted = needed.Sum(one => one.Bytes);
        if (wanted > limitBytes)
        {
            throw new ArtefactException(
                $"The session needs {Mebibytes(wanted)} of models and data, and the agent's cache may hold {Mebibytes(limitBytes)}. "
                + "Start the agent with a larger --cache.");
        }

        var keep = needed.Select(one => one.Sha256).ToHashSet();
        var stored = new DirectoryInfo(folder).GetFiles().OrderBy(file => file.LastWriteTimeUtc).ToList();
        var total = stored.Where(file => file.Name != artefact.Sha256 + Partial).Sum(file => file.Length);
        foreach (var file in stored.Where(file => !keep.Contains(Path.GetFileNameWithoutExtension(file.Name))))
        {
            // A partial file of no session is never used again.
            if (total + artefact.Bytes > limitBytes || file.Extension == Partial)
            {
                total -= file.Length;
                file.Delete();
            }
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < artefact.Bytes + ReserveBytes)
        {
            throw ArtefactException.OutOfSpace(
                $"The disk under {folder} is full: {Mebibytes(free)} are free, {Mebibytes(artefact.Bytes + ReserveBytes)} are needed. "
                + "Free some space, or move the agent's state with --state.");
        }
    }

    private static string Mebibytes(long bytes) => $"{bytes / (double)(1 << 20):0.#} MiB";
}
