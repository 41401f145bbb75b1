using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Fleet.Cli.Failures;
using Fleet.Kernels.Models;
using Fleet.Os.Processes;

namespace Fleet.Cli.Data;

/// <summary>What a part file is a part of: a server's answer of the same kind may go on where it ends.</summary>
internal sealed record PartOrigin(Uri Url, string? EntityTag, DateTimeOffset? LastModified, long? Bytes);

/// <summary>
/// Fetches a file over HTTP into a part file. What is there is kept, whatever ends the download, and the next one asks the server
/// for the rest (<c>Range</c>), or for all where the file has changed since (<c>If-Range</c>).
/// </summary>
/// <param name="report">Bytes so far, and of how many, where the server says that.</param>
internal sealed class Download(HttpClient http, TimeProvider time, Action<long, long?> report)
{
    private const int MostFailures = 5;
    private const int LongestPauseSeconds = 4;
    private const int BufferBytes = 1 << 17;

    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);

    /// <exception cref="CommandFailedException">The server refuses or cannot be reached, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Interrupted; the part file can be gone on with.</exception>
    public async Task RunAsync(Uri url, string part, CancellationToken cancel)
    {
        await using var file = Open(part);
        for (var failures = 0; ;)
        {
            var before = file.Length;
            try
            {
                await FetchAsync(url, file, part + ".json", cancel).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (error is IOException or HttpRequestException or TimeoutException)
            {
                failures = file.Length > before ? 1 : failures + 1;
                if (failures >= MostFailures)
                {
                    throw new CommandFailedException(ExitCodes.Unreachable, $"{url} cannot be fetched: {error.Message}", "Run the same command again: it resumes where this one ended.");
                }

                await Task.Delay(TimeSpan.FromSeconds(Math.Min(LongestPauseSeconds, 1 << (failures - 1))), time, cancel).ConfigureAwait(false);
            }
        }
    }

    private static FileStream Open(string part)
    {
        try
        {
            return new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, useAsync: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"{part} cannot be written: {error.Message}", "Is another 'fleet data get' at work on it?");
        }
    }

    private async Task FetchAsync(Uri url, FileStream file, string originPath, CancellationToken cancel)
    {
        var origin = ReadOrigin(originPath, url);
        if (origin is null)
        {
            file.SetLength(0);
        }
        else if (origin.Bytes == file.Length)
        {
            report(file.Length, origin.Bytes);
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (file.Length > 0 && Condition(origin!) is { } condition)
        {
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
            request.Headers.IfRange = condition;
        }

        using var response = await WithinAsync(limit => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit), cancel).ConfigureAwait(false);
        var isRest = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == file.Length;
        if (!isRest)
        {
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // The file at the other end is another than that of the part.
                file.SetLength(0);
            }

            Accept(response, url);
            origin = new PartOrigin(url, response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null, response.Content.Headers.LastModified, response.Content.Headers.ContentLength);
            WriteOrigin(originPath, origin);
        }

        await CopyAsync(response, file, origin!.Bytes, cancel).ConfigureAwait(false);
        if (origin.Bytes is null)
        {
            // The server did not say how much it would be; from now on it is known that this is all.
            WriteOrigin(originPath, origin with { Bytes = file.Length });
        }
    }

    private static void WriteOrigin(string path, PartOrigin origin)
    {
        try
        {
            AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, origin, DataJson.Default.PartOrigin));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"{path} cannot be written: {error.Message}", "Make room, and run the same command again: it resumes where this one ended.");
        }
    }

    private async Task CopyAsync(HttpResponseMessage response, FileStream file, long? total, CancellationToken cancel)
    {
        file.Seek(0, SeekOrigin.End);
        await using var content = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        var buffer = new byte[BufferBytes];
        while (await WithinAsync(limit => content.ReadAsync(buffer, limit).AsTask(), cancel).ConfigureAwait(false) is > 0 and var count)
        {
            await WriteAsync(file, buffer.AsMemory(0, count)).ConfigureAwait(false);
            report(file.Length, total);
        }

        if (total is { } all && file.Length != all)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, $"the server sent {file.Length} of {all} bytes.");
        }
    }

    // Not interrupted in the middle: what is received is kept.
    private static async Task WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await file.WriteAsync(bytes, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"{file.Name} cannot be written: {error.Message}", "Make room, and run the same command again: it resumes where this one ended.");
        }
    }

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Stall, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await work(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {Stall.TotalSeconds} s.");
        }
    }

    private static void Accept(HttpResponseMessage response, Uri url)
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return;
        }

        // A range that is not there, a busy server: worth another try. What else is refused stays refused.
        var message = $"the server answers {(int)response.StatusCode} {response.ReasonPhrase}.";
        throw (int)response.StatusCode is 206 or 408 or 416 or 429 or >= 500
            ? new HttpRequestException(message)
            : new CommandFailedException(ExitCodes.Unreachable, $"{url} cannot be fetched: {message}", "Fetch the data set by hand, and give its folder with --data DIR.");
    }

    private static RangeConditionHeaderValue? Condition(PartOrigin origin) => origin switch
    {
        { EntityTag: { } tag } => new RangeConditionHeaderValue(tag),
        { LastModified: { } modified } => new RangeConditionHeaderValue(modified),
        _ => null,
    };

    private static PartOrigin? ReadOrigin(string path, Uri url)
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize(File.ReadAllText(path), DataJson.Default.PartOrigin) is { } origin && origin.Url == url ? origin : null;
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            // Then it is not known what the part is of.
            return null;
        }
    }
}
