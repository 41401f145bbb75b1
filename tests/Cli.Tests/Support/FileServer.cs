using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Fleet.Cli.Tests.Support;

/// <summary>Serves one file on a free port, with ranges, and as unreliably as a test asks for.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private FileServer(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.First() + "/data");

    public byte[] Content { get; set; } = [];

    public string EntityTag { get; set; } = "\"one\"";

    /// <summary>Statuses of the next answers, before the file is served.</summary>
    public ConcurrentQueue<HttpStatusCode> Refusals { get; } = new();

    /// <summary>After how many bytes the next answers break off, once all of them have arrived: what is still on its way is lost.</summary>
    public ConcurrentQueue<(int Bytes, Func<int, bool> Arrived)> Cuts { get; } = new();

    /// <summary>After how many bytes every answer waits until the other side goes away.</summary>
    public int? HoldAfter { get; set; }

    /// <summary>Of each request: the range that it asked for, and on what condition.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<FileServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new FileServer(builder.Build());
        server.app.MapGet("/data", server.ServeAsync);
        await server.app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        Requests.Enqueue($"{request.Headers.Range} if {request.Headers.IfRange}");
        if (Refusals.TryDequeue(out var refusal))
        {
            response.StatusCode = (int)refusal;
            return;
        }

        var start = 0;
        if (RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range) && request.Headers.IfRange == EntityTag)
        {
            start = (int)range.Ranges.First().From!;
            if (start >= Content.Length)
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                return;
            }

            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {start}-{Content.Length - 1}/{Content.Length}";
        }

        response.Headers.ETag = EntityTag;
        response.ContentLength = Content.Length - start;
        var isCut = Cuts.TryDequeue(out var cut);
        var end = Math.Min(Content.Length, isCut ? start + cut.Bytes : HoldAfter ?? Content.Length);
        await response.Body.WriteAsync(Content.AsMemory(start, Math.Max(0, end - start)), context.RequestAborted);
        await response.Body.FlushAsync(context.RequestAborted);
        if (isCut)
        {
            await Eventually.HoldsAsync(() => cut.Arrived(end), "the bytes before the cut have arrived");
            context.Abort();
        }
        else if (HoldAfter is not null)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
