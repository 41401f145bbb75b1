using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Tests.Running;

namespace Fleet.Silo.Tests.Api;

/// <summary>Whatever is posted to an endpoint that takes a body, a body that cannot be meant is the sender's mistake.</summary>
public sealed class RequestBodyTests : SiloScene
{
    [Fact]
    public async Task Null_missing_or_foreign_bodies_are_bad_requests_everywhere()
    {
        var routes = await PostedRoutesAsync();
        Assert.Superset(new HashSet<string> { ApiRoutes.Check, ApiRoutes.Plan, ApiRoutes.Campaigns }, routes.ToHashSet());
        foreach (var route in routes)
        {
            foreach (var body in (string[])
                ["", "null", "{}", "[]", "[null]", "true", "1", "\"text\"",
                    """{"text":null}""", """{"text":null,"source":null}""", """{"text":"name: x","source":null}""",
                    """{"file":null,"data":null}""", """{"file":null,"data":[]}""", """{"file":{"text":null,"source":"x"},"data":[]}""",
                    """{"file":{"text":"x","source":"x"},"data":null}""", """{"file":{"text":"name: x","source":"x"},"data":[null]}"""])
            {
                using var response = await silo.Http.PostAsync(route, new StringContent(body, Encoding.UTF8, "application/json"));
                Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{route} answered {(int)response.StatusCode} to {body}");
                Assert.NotEmpty((await response.Content.ReadFromJsonAsync(ProtocolJson.Default.Problem))!.Detail!);
            }
        }
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_with_a_problem_before_it_is_sent()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ApiRoutes.Check) { Content = new ByteArrayContent(new byte[50 << 20]) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.ExpectContinue = true;
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan };
        using var patient = new HttpClient(handler) { BaseAddress = silo.Http.BaseAddress };
        request.Headers.Authorization = silo.Http.DefaultRequestHeaders.Authorization;
        using var response = await patient.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(413, (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.Problem))!.Status);
    }

    // As the API's own document tells them, so that none is forgotten.
    private async Task<string[]> PostedRoutesAsync()
    {
        using var document = JsonDocument.Parse(await silo.Http.GetStringAsync("/api/openapi.json"));
        return
        [
            .. from path in document.RootElement.GetProperty("paths").EnumerateObject()
               where path.Value.TryGetProperty("post", out var post) && post.TryGetProperty("requestBody", out _)
               select path.Name,
        ];
    }
}
