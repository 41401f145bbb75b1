using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Fleet.Os.Files;

namespace Fleet.DeviceAgent.Artefacts;

/// <summary>
/// Gets an artefact over HTTP into a partial file, and resumes where an earlier attempt stopped. What is returned is whole:
/// its length and its SHA-256 are those asked for.
/// </summary>
internal sealed class ArtefactDownload(HttpClient http, TimeProvider time)
{
    /// <summary>A silo that sends nothing for this long is taken to be gone.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);

    /// <exception cref="ArtefactException">
    /// It could not be had. The partial file is kept where the connection broke, and deleted where its bytes are wrong or the disk is full.
    /// </exception>
    public async Task RunAsync(Uri source, ArtefactReference artefact, string partial, CancellationToken cancel)
    {
        var resumed = File.Exists(partial);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await FetchAsync(source, artefact, partial, hash, cancel).ConfigureAwait(false);
            var found = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (found != artefact.Sha256)
            {
                File.Delete(partial);
                throw new ArtefactException(
                    $"{source} was fetched but its bytes are not those leased: their SHA-256 is {found}. The silo's copy may be damaged.",
                    transient: resumed);
            }
        }
        catch (HttpRequestException error)
        {
            throw new ArtefactException($"{source} cannot be fetched: {error.Message}", transient: true, error);
        }
        catch (IOException error) when (DiskRoom.IsWanting(error))
        {
            File.Delete(partial);
            throw ArtefactException.OutOfSpace(
                $"The disk under {Path.GetDirectoryName(partial)} is full: {artefact.Bytes} bytes of {source} do not fit. "
                + "Free some space, or move the agent's state with --state.",
                error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new ArtefactException($"{partial} cannot be written: {error.Message}", inner: error);
        }
        catch (IOException error)
        {
            throw new ArtefactException($"Fetching {source} broke off: {error.Message}", transient: true, error);
        }
        catch (OperationCanceledException error) when (!cancel.IsCancellationRequested)
        {
            throw new ArtefactException($"Fetching {source} stalled: nothing came for {Stall.TotalSeconds:0} s.", transient: true, error);
        }
    }

    private async Task FetchAsync(Uri source, ArtefactReference artefact, string partial, IncrementalHash hash, CancellationToken cancel)
    {
        using var file = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        if (file.Length > artefact.Bytes)
        {
            file.SetLength(0);
        }

        await HashRestAsync(file, hash, cancel).ConfigureAwait(false);
        if (file.Length < artefact.Bytes)
        {
            using var stall = new StallWatch(time, Stall, cancel);
            using var request = new HttpRequestMessage(HttpMethod.Get, source);
            if (file.Length > 0)
            {
                request.Headers.Range = new RangeHeaderValue(file.Length, null);
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
            Accept(response, source, file, hash);
            await CopyAsync(response, artefact, source, file, hash, stall).ConfigureAwait(false);
        }

        await file.FlushAsync(cancel).ConfigureAwait(false);
        file.Flush(flushToDisk: true);
    }

    // A silo that does not know ranges answers 200 with all of it.
    private static void Accept(HttpResponseMessage response, Uri source, FileStream file, IncrementalHash hash)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == file.Length:
                return;

            case HttpStatusCode.OK:
            case HttpStatusCode.PartialContent:
                Restart(file, hash);
                if (response.StatusCode == HttpStatusCode.PartialContent)
                {
                    throw new ArtefactException(
                        $"{source} was answered with another range than the one asked for ({response.Content.Headers.ContentRange}).",
                        transient: true);
                }

                return;

            case HttpStatusCode.RequestedRangeNotSatisfiable:
                Restart(file, hash);
                throw new ArtefactException($"{source} is shorter than the lease says.", transient: true);

            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                throw new ArtefactException(
                    $"The silo does not have {source} ({(int)response.StatusCode}): the artefact was removed after the lease was granted.");

            default:
                throw new ArtefactException(
                    $"{source} was answered with {(int)response.StatusCode} {response.ReasonPhrase}.",
                    transient: (int)response.StatusCode >= 500);
        }
    }

    private static async Task CopyAsync(
        HttpResponseMessage response, ArtefactReference artefact, Uri source, FileStream file, IncrementalHash hash, StallWatch stall)
    {
        using var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        var buffer = new byte[1 << 16];
        while (true)
        {
            stall.Restart();
            var read = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            if (file.Length + read > artefact.Bytes)
            {
                Restart(file, hash);
                throw new ArtefactException($"{source} is longer than the {artefact.Bytes} bytes that the lease says.");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), stall.Token).ConfigureAwait(false);
            hash.AppendData(buffer, 0, read);
        }

        if (file.Length < artefact.Bytes)
        {
            throw new ArtefactException($"{source} broke off after {file.Length} of {artefact.Bytes} bytes.", transient: true);
        }
    }

    private static async Task HashRestAsync(FileStream file, IncrementalHash hash, CancellationToken cancel)
    {
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await file.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }
    }

    private static void Restart(FileStream file, IncrementalHash hash)
    {
        file.SetLength(0);
        _ = hash.GetHashAndReset();
    }
}
