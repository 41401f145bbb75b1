using System.Net;
using System.Net.Http.Headers;
using Fleet.Os.Files;

namespace Fleet.Os.Transfer;

/// <summary>
/// Fetches a file over HTTP into a part file. What has arrived is kept, whatever ends the download, and the next one asks the server for
/// the rest (<c>Range</c>): for all of it where the file may have changed since (<c>If-Range</c>).
/// </summary>
public sealed class Download(HttpClient http, TimeProvider time)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>A server that sends nothing for this long is taken to be gone. Default: 60 s.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Called with the bytes that are there, and of how many, where that is known.</summary>
    public Action<long, long?>? Progress { get; init; }

    /// <summary>Deletes a part file, and what was kept beside it.</summary>
    public static void Discard(string part) => PartOrigin.Discard(part);

    /// <summary>One attempt. When this returns, the whole file is on the disk; its content is the caller's to check.</summary>
    /// <param name="bytes">
    /// Length of a file that never changes under its address, as one that is named by its hash does not; null where only the server knows it.
    /// </param>
    /// <exception cref="TransferException">It could not be fetched; the part is kept.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> says so; the part is kept.</exception>
    public async Task RunAsync(Uri url, string part, long? bytes, CancellationToken cancel)
    {
        using var file = Open(part);
        using var stall = new StallWatch(time, Stall, cancel);
        try
        {
            await FetchAsync(url, file, bytes, stall).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Failed(url, TransferFailure.Interrupted, error.Message, error);
        }
        catch (OperationCanceledException error) when (!cancel.IsCancellationRequested)
        {
            throw Failed(url, TransferFailure.Interrupted, $"nothing came for {Stall.TotalSeconds:0} s.", error);
        }

        Change(part, () => file.Flush(flushToDisk: true));
    }

    private async Task FetchAsync(Uri url, FileStream file, long? bytes, StallWatch stall)
    {
        var origin = bytes is null ? PartOrigin.Read(file.Name, url) : new PartOrigin(url, null, null, bytes);
        if (origin is null || file.Length > origin.Bytes)
        {
            Restart(file);
        }
        else if (file.Length == origin.Bytes)
        {
            Progress?.Invoke(file.Length, origin.Bytes);
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (file.Length > 0 && (bytes is not null || origin!.Condition is not null))
        {
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
            request.Headers.IfRange = origin!.Condition;
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
        if (!IsRest(response, file))
        {
            Accept(response, url, file);
            if (bytes is null)
            {
                origin = PartOrigin.Of(url, response);
                Change(file.Name, () => origin.Write(file.Name));
            }
        }

        await CopyAsync(response, url, file, origin!.Bytes, stall).ConfigureAwait(false);
        if (origin.Bytes is null)
        {
            // The server did not say how much it would be; from now on it is known that this is all.
            Change(file.Name, () => (origin with { Bytes = file.Length }).Write(file.Name));
        }
    }

    private async Task CopyAsync(HttpResponseMessage response, Uri url, FileStream file, long? total, StallWatch stall)
    {
        file.Seek(0, SeekOrigin.End);
        using var content = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        var buffer = new byte[BufferBytes];
        stall.Restart();
        while (await content.ReadAsync(buffer, stall.Token).ConfigureAwait(false) is > 0 and var count)
        {
            if (file.Length + count > total)
            {
                Restart(file);
                throw Failed(url, TransferFailure.Refused, $"it is longer than the {total} bytes that it should have.");
            }

            // Not cancelled in the middle: what has arrived is kept.
            await ChangeAsync(file.Name, () => file.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None)).ConfigureAwait(false);
            Progress?.Invoke(file.Length, total);
            stall.Restart();
        }

        if (file.Length < total)
        {
            throw Failed(url, TransferFailure.Interrupted, $"the server sent {file.Length} of {total} bytes.");
        }
    }

    private static bool IsRest(HttpResponseMessage response, FileStream file) =>
        response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == file.Length;

    /// <summary>Begins the part anew for an answer with the whole file.</summary>
    private static void Accept(HttpResponseMessage response, Uri url, FileStream file)
    {
        // The file at the other end is another than that of the part, or its server knows no ranges.
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            Restart(file);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw Failed(url, Classify((int)response.StatusCode), $"the server answers {(int)response.StatusCode} {response.ReasonPhrase}.");
        }
    }

    // A range that is not there, a busy server: worth another attempt. What else is refused stays refused.
    private static TransferFailure Classify(int status) => status switch
    {
        206 or 408 or 416 or 429 or >= 500 => TransferFailure.Interrupted,
        404 or 410 => TransferFailure.Missing,
        _ => TransferFailure.Refused,
    };

    private static FileStream Open(string part)
    {
        try
        {
            return new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, useAsync: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritten(part, error);
        }
    }

    private static void Restart(FileStream file)
    {
        if (file.Length > 0)
        {
            Change(file.Name, () => file.SetLength(0));
        }
    }

    private static void Change(string part, Action change)
    {
        try
        {
            change();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritten(part, error);
        }
    }

    private static async Task ChangeAsync(string part, Func<ValueTask> change)
    {
        try
        {
            await change().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritten(part, error);
        }
    }

    private static TransferException Failed(Uri url, TransferFailure failure, string cause, Exception? inner = null) =>
        new(failure, $"{url} cannot be fetched: {cause}", inner);

    private static TransferException Unwritten(string part, Exception error) => new(
        DiskSpace.IsExhausted(error) ? TransferFailure.OutOfSpace : TransferFailure.Unwritable,
        $"{part} cannot be written: {error.Message}",
        error);
}
