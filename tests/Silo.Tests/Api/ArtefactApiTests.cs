using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Tests.Running;

namespace Fleet.Silo.Tests.Api;

public sealed class ArtefactApiTests : SiloScene
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 10_000).Select(i => (byte)i)];

    [Fact]
    public async Task An_artefact_is_there_once_it_was_put()
    {
        var missing = new string('0', 64);
        using var head = await silo.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, ApiRoutes.ArtefactOf(missing)));
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);

        var name = await silo.UploadAsync(Content);
        using var again = await silo.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, ApiRoutes.ArtefactOf(name)));
        Assert.Equal((HttpStatusCode.OK, Content.Length), (again.StatusCode, again.Content.Headers.ContentLength));
        Assert.Equal(Content, await silo.Http.GetByteArrayAsync(ApiRoutes.ArtefactOf(name)));
    }

    [Fact]
    public async Task A_range_of_it_can_be_had()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, ApiRoutes.ArtefactOf(await silo.UploadAsync(Content)));
        request.Headers.Range = new RangeHeaderValue(9_000, null);
        using var response = await silo.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(Content[9_000..], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Content_of_another_hash_is_refused_and_not_stored()
    {
        var name = new string('a', 64);
        using var response = await silo.Http.PutAsync(ApiRoutes.ArtefactOf(name), new ByteArrayContent(Content));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(name, (await ProblemOf(response)).Detail);
        using var head = await silo.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, ApiRoutes.ArtefactOf(name)));
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
    }

    [Fact]
    public async Task One_that_was_damaged_is_missing_until_it_is_put_again()
    {
        var name = await silo.UploadAsync(Content);
        await File.WriteAllTextAsync(folder[$"artefacts/{name[..2]}/{name}"], "damaged");
        foreach (var method in new[] { HttpMethod.Head, HttpMethod.Get })
        {
            using var missing = await silo.Http.SendAsync(new HttpRequestMessage(method, ApiRoutes.ArtefactOf(name)));
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        }

        Assert.Equal(name, await silo.UploadAsync(Content));
        Assert.Equal(Content, await silo.Http.GetByteArrayAsync(ApiRoutes.ArtefactOf(name)));
    }

    [Fact]
    public async Task A_name_that_is_no_hash_is_refused()
    {
        using var response = await silo.Http.PutAsync("/artifacts/model.bin", new ByteArrayContent(Content));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task One_that_is_too_large_is_refused()
    {
        using var response = await silo.Http.PutAsync(ApiRoutes.ArtefactOf(new string('a', 64)), new ByteArrayContent(new byte[(1 << 20) + 1]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_stores_nothing()
    {
        var name = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Content));
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(silo.Http.BaseAddress!.Host, silo.Http.BaseAddress.Port);
            var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT {ApiRoutes.ArtefactOf(name)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    + $"Authorization: {silo.Token.Header}\r\nContent-Length: {Content.Length}\r\n\r\n"));
            await stream.WriteAsync(Content.AsMemory(0, 5_000));
        }

        using var head = await silo.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, ApiRoutes.ArtefactOf(name)));
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        Assert.Equal(name, await silo.UploadAsync(Content));
    }

    private static async Task<Problem> ProblemOf(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        return (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.Problem))!;
    }
}
