using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.RegularExpressions;
using Fleet.Domain.Campaigns;
using Fleet.Protocol.Api;
using Fleet.Protocol.V1;
using Fleet.Silo.Tests.Campaigns;
using Fleet.Silo.Tests.Running;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Silo.Tests.Api;

/// <summary>Who gets in: nobody but who knows the state folder's token, and no web page.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class AccessTests : SiloScene
{
    private static readonly string[] Open = [ApiRoutes.Health, ApiRoutes.Ready];
    private static readonly string Sha256 = new('a', 64);
    private readonly HttpClient stranger = new();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        stranger.BaseAddress = silo.Http.BaseAddress;
    }

    public override async ValueTask DisposeAsync()
    {
        stranger.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Every_endpoint_that_there_is_wants_the_token_but_health_and_readiness()
    {
        var seen = new List<string>();
        foreach (var endpoint in silo.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var route = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            var path = Parameter().Replace(route, Sha256);
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var response = await stranger.SendAsync(request);
                Assert.True(
                    Open.Contains(route) ? response.StatusCode == HttpStatusCode.OK : response.StatusCode == HttpStatusCode.Unauthorized,
                    $"{method} {path} was answered with {response.StatusCode}.");
            }

            seen.Add(route);
        }

        // The list is the real one.
        string[] known =
        [
            .. Open, ApiRoutes.Campaigns, ApiRoutes.PauseCampaign, ApiRoutes.Artefact, ApiRoutes.CampaignEvents,
            "/metrics", "/fleet.v1.AgentGateway/Connect",
        ];
        Assert.Empty(known.Except(seen));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/nothing")]
    [InlineData("/metrics/more")]
    public async Task What_is_not_there_is_no_secret_but_wants_the_token_too(string path)
    {
        using var response = await stranger.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_wrong_token_is_as_good_as_none()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ApiRoutes.Info);
        request.Headers.Add("Authorization", "Bearer " + new string('0', 64));
        using var response = await stranger.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain(folder.Path, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_without_the_token_is_not_heard()
    {
        await using var agent = FakeAgent.OpenWithoutToken(silo);
        var error = await Assert.ThrowsAsync<RpcException>(() => agent.AskAsync(new AgentMessage { Hello = FakeAgent.Hello(agent.Device) }));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        Assert.Empty(await silo.DevicesAsync());
    }

    [Theory]
    [InlineData("rebound.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("rebound.example:{0}", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.rebound.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.rebound.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("192.0.2.1:{0}", HttpStatusCode.MisdirectedRequest)]
    [InlineData("0.0.0.0:{0}", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost:{0}", HttpStatusCode.OK)]
    [InlineData("[::1]:{0}", HttpStatusCode.OK)]
    // A tunnel's other end.
    [InlineData("127.0.0.1:6080", HttpStatusCode.OK)]
    public async Task A_name_that_is_not_loopbacks_is_refused_even_with_the_token_and_even_where_no_token_is_needed(string host, HttpStatusCode expected)
    {
        foreach (var path in new[] { ApiRoutes.Info, ApiRoutes.Health })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = string.Format(System.Globalization.CultureInfo.InvariantCulture, host, silo.Http.BaseAddress!.Port);
            using var response = await silo.Http.SendAsync(request);
            Assert.Equal(expected, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("https://127.0.0.1:{0}")]
    public async Task A_page_of_another_origin_changes_nothing_even_with_the_token(string origin)
    {
        var created = await silo.SubmitAsync(await silo.SubmissionAsync(CampaignTests.File, origin));
        using (var response = await PauseAsync(created.Campaign, origin))
        {
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        }

        Assert.Equal(CampaignStatus.Running, (await silo.DetailAsync(created.Campaign)).Summary.State);
        using var own = await PauseAsync(created.Campaign, silo.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task An_upload_without_the_token_is_refused_before_its_content_is_read()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, silo.Http.BaseAddress!.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT {ApiRoutes.ArtefactOf(Sha256)} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2147483648\r\n\r\n"));
        using var reader = new StreamReader(stream);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        Assert.StartsWith("HTTP/1.1 401", await reader.ReadLineAsync(limit.Token), StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories), path => path.StartsWith(folder["artefacts"], StringComparison.Ordinal));
    }

    [Fact]
    public void Folder_and_token_are_their_owners_alone()
    {
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(folder.Path));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(folder["token"]));
    }

    private async Task<HttpResponseMessage> PauseAsync(string campaign, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ApiRoutes.Of(ApiRoutes.PauseCampaign, campaign));
        request.Headers.Add("Origin", string.Format(System.Globalization.CultureInfo.InvariantCulture, origin, silo.Http.BaseAddress!.Port));
        return await silo.Http.SendAsync(request);
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
