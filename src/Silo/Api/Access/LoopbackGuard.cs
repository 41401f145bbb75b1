using System.Net;
using Fleet.Os.State;
using Fleet.Silo.Api.Problems;

namespace Fleet.Silo.Api.Access;

/// <summary>
/// Stands before every endpoint, the agents' gateway among them. Loopback keeps other machines out, but not the web pages in this
/// machine's browser nor its other users: the Host must be a loopback one (a page whose name was rebound to 127.0.0.1 has its own), the
/// Origin none or the silo's own, and the caller must know the state folder's token.
/// </summary>
internal sealed class LoopbackGuard(RequestDelegate next, AccessToken token)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsLoopback(request.Host))
        {
            return ApiProblems.WriteAsync(
                context,
                StatusCodes.Status421MisdirectedRequest,
                $"This silo is asked for by a loopback address (127.0.0.1, [::1], localhost), not as '{request.Host}'.");
        }

        if (request.Headers.Origin is { Count: > 0 } origin && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return ApiProblems.WriteAsync(context, StatusCodes.Status403Forbidden, $"Pages of another origin ('{origin}') cannot call this silo.");
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<NeedsNoToken>() is null && !token.Matches(request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return ApiProblems.WriteAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "This call needs the silo's token: 'Authorization: Bearer TOKEN', with what the file"
                    + $" '{AccessToken.FileName}' in the silo's state folder holds.");
        }

        return next(context);
    }

    // Any port: a tunnel may have another at its other end.
    private static bool IsLoopback(HostString host) =>
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address));
}

/// <summary>Marks an endpoint that answers also who does not know the token: it says nothing but that the silo is there.</summary>
internal sealed class NeedsNoToken;
