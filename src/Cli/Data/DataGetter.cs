using System.Security.Cryptography;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Os.Processes;
using Fleet.Os.Transfer;
using Fleet.Reports.Quantities;

namespace Fleet.Cli.Data;

/// <summary>Brings a published data set to this machine: downloads, checks and unpacks it, each so that it can be interrupted.</summary>
internal sealed class DataGetter(DataStore store, HttpClient http, Output output, TimeProvider time)
{
    // The greatest data set unpacks to about 3.5 GB.
    private const long MaxUnpackedBytes = 32L << 30;

    /// <summary>Attempts in a row that bring nothing.</summary>
    private const int MaxFailures = 5;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(2);

    /// <returns>The folder that its tasks read, and the archive that it was unpacked from.</returns>
    /// <exception cref="CommandFailedException">It cannot be fetched, is not what it was, or is no archive of this data set.</exception>
    public async Task<(string Folder, DataLock Archive)> GetAsync(DataSet data, CancellationToken cancel)
    {
        try
        {
            return await FetchAsync(data, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"{data.Name} cannot be kept in {store.Root}: {error.Message}",
                "Run the same command again when that is mended; nothing is downloaded twice.");
        }
    }

    private async Task<(string Folder, DataLock Archive)> FetchAsync(DataSet data, CancellationToken cancel)
    {
        Directory.CreateDirectory(store.Root);
        var (part, known) = (store.PartOf(data), store.ReadLock(data));
        try
        {
            await DownloadAsync(data, part, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw new CommandFailedException(
                ExitCodes.Interrupted,
                $"Interrupted: {Quantity.Bytes(new FileInfo(part).Length)} of {data.Name} are in {part}.",
                $"Resume: fleet data get {data.Tasks[0]}");
        }

        var archive = await CheckAsync(data, part, known, cancel).ConfigureAwait(false);
        await UnpackAsync(data, part, isKnown: data.Sha256 is not null || known is not null, cancel).ConfigureAwait(false);
        // Only what turned out to be the data set is what later downloads are held to.
        store.WriteLock(data, archive);
        Download.Discard(part);
        return (store.Find(data)!, archive);
    }

    private async Task DownloadAsync(DataSet data, string part, CancellationToken cancel)
    {
        var download = new Download(http, time) { Progress = Reporter(data) };
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), Random.Shared);
        while (true)
        {
            var before = LengthOf(part);
            try
            {
                await download.RunAsync(data.Url, part, bytes: null, cancel).ConfigureAwait(false);
                return;
            }
            catch (TransferException error) when (error.Failure is TransferFailure.Interrupted)
            {
                if (LengthOf(part) > before)
                {
                    backoff.Reset();
                }

                if (backoff.Failures + 1 == MaxFailures)
                {
                    throw new CommandFailedException(ExitCodes.Unreachable, error.Message, "Run the same command again: it resumes where this one ended.");
                }

                await Task.Delay(backoff.Next(), time, cancel).ConfigureAwait(false);
            }
            catch (TransferException error)
            {
                throw error.Failure switch
                {
                    TransferFailure.OutOfSpace => new CommandFailedException(
                        ExitCodes.Failed, error.Message, "Free some space, and run the same command again: it resumes where this one ended."),
                    TransferFailure.Unwritable => new CommandFailedException(
                        ExitCodes.Failed, error.Message, "Is another 'fleet data get' at work on it?"),
                    _ => new CommandFailedException(
                        ExitCodes.Unreachable, error.Message, "Fetch the data set by hand, and give its folder with --data DIR."),
                };
            }
        }
    }

    private static long LengthOf(string part) => new FileInfo(part) is { Exists: true } file ? file.Length : 0;

    private async Task<DataLock> CheckAsync(DataSet data, string part, DataLock? known, CancellationToken cancel)
    {
        output.Progress($"Checking the archive of {data.Name} ...");
        string hash;
        await using (var file = File.OpenRead(part))
        {
            hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel).ConfigureAwait(false));
        }

        if (data.Sha256 is { } published && hash != published)
        {
            Download.Discard(part);
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"The archive of {data.Name} from {data.Url} has SHA-256 {hash}, but its publishers say {published}.",
                "It was damaged on the way or is another, and is deleted. Run the same command again; if it stays so, do not trust it.");
        }

        if (data.Sha256 is null && known is not null && known.Url == data.Url && known.Sha256 != hash)
        {
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"The archive of {data.Name} from {data.Url} has SHA-256 {hash}, but on {Quantity.Moment(known.RecordedAt, time)} it had {known.Sha256}.",
                $"It was damaged on the way, or its publishers have changed it. Delete {part} to fetch it again, or {store.LockOf(data)} to trust this one.");
        }

        var archive = new DataLock(data.Url, new FileInfo(part).Length, hash, known is not null && known.Sha256 == hash ? known.RecordedAt : time.GetUtcNow());
        output.Progress(data.Sha256 is not null
            ? $"SHA-256 {hash}, as its publishers say."
            : known is null || known.Url != data.Url
                ? $"SHA-256 {hash}. Its publishers do not say what it should be; once it is unpacked, it is recorded in {store.LockOf(data)}, "
                    + "and later downloads are held to it."
                : $"SHA-256 {hash}, as on {Quantity.Moment(known.RecordedAt, time)}.");
        return archive;
    }

    // Beside its place, and moved there when it is whole: a folder that is there is all there.
    private async Task UnpackAsync(DataSet data, string part, bool isKnown, CancellationToken cancel)
    {
        output.Progress($"Unpacking {data.Name} ...");
        var draft = store.FolderOf(data) + ".unpacking";
        Clear(draft);
        try
        {
            Directory.CreateDirectory(draft);
            await Archive.UnpackAsync(part, data.Kind, draft, MaxUnpackedBytes, cancel).ConfigureAwait(false);
            if (DataStore.Find(draft, data.Marker) is null)
            {
                await UnpackInnerAsync(draft, cancel).ConfigureAwait(false);
            }

            if (DataStore.Find(draft, data.Marker) is null)
            {
                throw new InvalidDataException($"no folder of it holds {data.Marker}.");
            }

            Directory.Move(draft, store.FolderOf(data));
        }
        catch (Exception wrong) when (wrong is InvalidDataException or EndOfStreamException && !isKnown)
        {
            // A page that says the server is being mended has a hash, too.
            Download.Discard(part);
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"What came from {data.Url} is not the archive of {data.Name}: {wrong.Message}",
                "It is deleted. Run the same command again later, or unpack the data set by hand and give its folder with --data DIR.");
        }
        catch (Exception wrong) when (wrong is InvalidDataException or EndOfStreamException)
        {
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"The archive of {data.Name} cannot be used: {wrong.Message}",
                $"It is kept as {part}. Unpack the data set by hand, and give its folder with --data DIR.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                ExitCodes.Failed,
                $"{data.Name} cannot be unpacked to {draft}: {error.Message}",
                "Run the same command again when that is mended; nothing is downloaded twice.");
        }
        finally
        {
            Clear(draft);
        }
    }

    // The UCI repository packs the published archive into another.
    private static async Task UnpackInnerAsync(string draft, CancellationToken cancel)
    {
        foreach (var inner in Directory.GetFiles(draft, "*.zip").Order(StringComparer.Ordinal))
        {
            await Archive.UnpackAsync(inner, ArchiveKind.Zip, draft, MaxUnpackedBytes, cancel).ConfigureAwait(false);
            File.Delete(inner);
        }
    }

    private Action<long, long?> Reporter(DataSet data)
    {
        var (started, reported, first) = (time.GetTimestamp(), time.GetTimestamp(), -1L);
        output.Progress($"Fetching {data.Name} from {data.Url} ...");
        return (bytes, total) =>
        {
            if (first < 0)
            {
                (started, reported, first) = (time.GetTimestamp(), time.GetTimestamp(), bytes);
            }
            else if (time.GetElapsedTime(reported) >= ReportEvery)
            {
                reported = time.GetTimestamp();
                var rate = (bytes - first) / time.GetElapsedTime(started).TotalSeconds;
                var left = total is { } all && rate > 0 ? $", {Quantity.Duration((all - bytes) / rate)} left" : "";
                var of = total is null ? "" : $" of {Quantity.Bytes(total)}";
                output.Progress($"{data.Name}: {Quantity.Bytes(bytes)}{of}, {Quantity.Bytes((long)rate)}/s{left}");
            }
        };
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
