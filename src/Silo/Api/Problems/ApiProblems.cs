using Fleet.Campaigns.Ports;
using Fleet.Domain.Campaigns;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace Fleet.Silo.Api.Problems;

/// <summary>Problem documents, of one form wherever they come from.</summary>
internal static class ApiProblems
{
    private const string ContentType = "application/problem+json";

    public static IResult Of(int status, string detail, IReadOnlyList<FileProblem>? problems = null) =>
        Results.Json(Document(status, detail, problems), ProtocolJson.Default.Problem, ContentType, status);

    public static IResult NoCampaign(string id) => Of(StatusCodes.Status404NotFound, $"There is no campaign '{id}'.");

    public static Task WriteAsync(HttpContext context, int status, string? detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(Document(status, detail, null), ProtocolJson.Default.Problem, ContentType, context.RequestAborted);
    }

    private static Problem Document(int status, string? detail, IReadOnlyList<FileProblem>? problems) =>
        new() { Title = ReasonPhrases.GetReasonPhrase(status), Status = status, Detail = detail, Problems = problems };
}

/// <summary>Gives the framework's own errors (no such path, wrong method) the same form.</summary>
internal sealed class ProblemWriter : IProblemDetailsService
{
    public async ValueTask WriteAsync(ProblemDetailsContext context) => await TryWriteAsync(context);

    public async ValueTask<bool> TryWriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        if (http.Response.HasStarted)
        {
            return false;
        }

        var detail = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {http.Request.Path}.",
            StatusCodes.Status405MethodNotAllowed => $"{http.Request.Path} does not take {http.Request.Method}.",
            StatusCodes.Status415UnsupportedMediaType => "The content must be JSON (Content-Type: application/json).",
            _ => context.ProblemDetails.Detail,
        };
        await ApiProblems.WriteAsync(http, http.Response.StatusCode, detail);
        return true;
    }
}

/// <summary>Turns what was thrown into a problem document: what the caller did wrong is said, what we did wrong is logged.</summary>
internal sealed partial class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is BadHttpRequestException bad)
        {
            await ApiProblems.WriteAsync(httpContext, bad.StatusCode, bad.InnerException is { } inner ? $"{bad.Message} {inner.Message}" : bad.Message);
            return true;
        }

        if (exception is OutOfSpaceException full)
        {
            await ApiProblems.WriteAsync(httpContext, StatusCodes.Status507InsufficientStorage, full.Message);
            return true;
        }

        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        LogFailed(exception, httpContext.Request.Method, httpContext.Request.Path);
        await ApiProblems.WriteAsync(
            httpContext,
            StatusCodes.Status500InternalServerError,
            DamagedState.Explain(exception) ?? "The silo could not do this; its log says why.");
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogFailed(Exception error, string method, string path);
}
