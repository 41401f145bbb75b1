using System.Text.RegularExpressions;
using Fleet.Architecture.Tests;
using Fleet.Silo.Tests.Running;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Api;

public sealed partial class HttpApiPageTests
{
    [Fact]
    public async Task The_page_of_the_HTTP_API_has_every_route_with_its_method_and_no_other()
    {
        using var folder = new TemporaryFolder();
        await using var silo = await RunningSilo.StartAsync(folder.Path);
        var mapped = silo.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => Methods(endpoint).Select(method => $"{method} {endpoint.RoutePattern.RawText}"))
            .Where(route => !route.Contains("/fleet.", StringComparison.Ordinal));

        var described = Row().Matches(Checkout.Read("docs/http-api.md")).Select(match => match.Groups["route"].Value);

        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    // The exporter of metrics says no method; it is read.
    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    [GeneratedRegex("^\\| `(?<route>[A-Z]+ /[^`]*)` \\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
