using System.Net;
using System.Net.Http.Headers;

namespace Fleet.Os.Tests.Transfer;

/// <summary>Answers requests for one file as a server with ranges would, and as badly as a test asks for.</summary>
internal sealed class ServedFile : HttpMessageHandler
{
    public byte[] Content { get; set; } = [];

    public string? EntityTag { get; set; }

    /// <summary>The server says how long the file is.</summary>
    public bool SaysLength { get; set; } = true;

    public bool KnowsRanges { get; set; } = true;

    /// <summary>Answers in place of the file, the first first.</summary>
    public Queue<Func<HttpResponseMessage>> Instead { get; } = [];

    /// <summary>Range and condition of each request.</summary>
    public List<string> Requests { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add($"{request.Headers.Range} {request.Headers.IfRange}".Trim());
        return Task.FromResult(Instead.TryDequeue(out var instead) ? instead() : Serve(request.Headers));
    }

    private HttpResponseMessage Serve(HttpRequestHeaders headers)
    {
        var start = headers.Range?.Ranges.Single().From ?? 0;
        var isRest = KnowsRanges && start > 0 && (headers.IfRange is null || headers.IfRange.EntityTag?.Tag == EntityTag);
        if (isRest && start >= Content.Length)
        {
            return new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable);
        }

        var response = Answer(Content[(isRest ? (int)start : 0)..]);
        if (isRest)
        {
            response.StatusCode = HttpStatusCode.PartialContent;
            response.Content.Headers.ContentRange = new ContentRangeHeaderValue(start, Content.Length - 1, Content.Length);
        }

        return response;
    }

    /// <summary>An answer with all of these bytes, and of the length that the file has.</summary>
    public HttpResponseMessage Answer(byte[] bytes, Exception? end = null)
    {
        var response = new HttpResponseMessage { Content = new StreamContent(new BreakingStream(bytes, end)) };
        response.Content.Headers.ContentLength = !SaysLength ? null : end is null ? bytes.Length : Content.Length;
        response.Headers.ETag = EntityTag is { } tag ? new EntityTagHeaderValue(tag) : null;
        return response;
    }

    /// <summary>Holds bytes, and ends with an error where there is one.</summary>
    private sealed class BreakingStream(byte[] bytes, Exception? end) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer, cancellationToken);
            if (count > 0 || end is null)
            {
                return count;
            }

            return end is TimeoutException ? await WaitAsync(cancellationToken) : throw end;
        }

        private static async Task<int> WaitAsync(CancellationToken cancel)
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return 0;
        }
    }
}
