using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Domain.Campaigns;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Tests.Running;

namespace Fleet.Silo.Tests.Api;

public sealed class ApiTests : SiloScene
{
    [Theory]
    [InlineData("GET", "/api/nothing", null, 404, "There is nothing at /api/nothing.")]
    [InlineData("DELETE", "/api/campaigns", null, 405, "/api/campaigns does not take DELETE.")]
    [InlineData("GET", "/api/campaigns/none", null, 404, "There is no campaign 'none'.")]
    [InlineData("GET", "/api/campaigns/none/results", null, 404, "There is no campaign 'none'.")]
    [InlineData("GET", "/api/campaigns/none/table", null, 404, "There is no campaign 'none'.")]
    [InlineData("GET", "/api/campaigns/none/report", null, 404, "There is no campaign 'none'.")]
    [InlineData("GET", "/api/campaigns/none/events", null, 404, "There is no campaign 'none'.")]
    [InlineData("POST", "/api/campaigns/none/pause", null, 404, "There is no campaign 'none'.")]
    [InlineData("POST", "/api/campaigns/check", "{", 400, "JSON")]
    [InlineData("POST", "/api/campaigns/check", "{}", 400, "text")]
    [InlineData("POST", "/api/campaigns", "[]", 400, "JSON")]
    [InlineData("POST", "/api/campaigns", "null", 400, "not provided")]
    [InlineData("POST", "/api/campaigns/check", null, 400, "not provided")]
    [InlineData("POST", "/api/campaigns/check", """{"text":null,"source":"a"}""", 400, "text")]
    [InlineData("POST", "/api/campaigns/check", """{"text":"name: x","source":null}""", 400, "source")]
    [InlineData("POST", "/api/campaigns/plan", """{"file":null,"data":[]}""", 400, "file")]
    [InlineData("POST", "/api/campaigns/plan", """{"file":{"text":"name: x","source":"a"},"data":null}""", 400, "data")]
    [InlineData(
        "POST",
        "/api/campaigns",
        """{"file":{"text":"name: x\ntask: synthetic-har\nvariants:\n- name: dense\n","source":"a"},"data":[null]}""",
        400,
        "An entry of 'data' is null.")]
    public async Task A_request_that_cannot_be_done_is_answered_with_a_problem_document(string method, string path, string? body, int status, string detail)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var response = await silo.Http.SendAsync(request);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.Problem))!;
        Assert.Equal((status, status), ((int)response.StatusCode, problem.Status));
        Assert.Contains(detail, problem.Detail);
    }

    [Fact]
    public async Task A_file_is_checked_whole_without_starting_anything()
    {
        var file = new CampaignFile { Text = "name: x\ntask: uci-har\nvarants: []\n", Source = "my.yaml" };
        using var response = await silo.Http.PostAsJsonAsync(ApiRoutes.Check, file, ProtocolJson.Default.CampaignFile);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var check = (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.CampaignCheck))!;
        Assert.Equal(["'variants' is missing.", "Unknown key 'varants' in the campaign."], check.Problems.Select(problem => problem.Message));
        Assert.Equal(["uci-har"], check.Tasks);
        Assert.Empty(await silo.CampaignsAsync());
    }

    [Fact]
    public async Task A_wrong_file_is_not_taken_in_and_its_mistakes_come_with_the_problem()
    {
        var submission = new CampaignSubmission { File = new CampaignFile { Text = "name: x\ntask: y\n", Source = "my.yaml" }, Data = [] };
        using var response = await silo.Http.PostAsJsonAsync(ApiRoutes.Campaigns, submission, ProtocolJson.Default.CampaignSubmission);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(2, (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.Problem))!.Problems!.Count);
    }

    [Fact]
    public async Task A_campaign_whose_data_is_not_in_the_store_is_refused_with_what_is_missing()
    {
        var submission = await silo.SubmissionAsync(Campaigns.CampaignTests.File, "missing");
        var missing = new string('d', 64);
        using var response = await silo.Http.PostAsJsonAsync(
            ApiRoutes.Campaigns, submission with { Data = [submission.Data[0] with { TestSha256 = missing }] }, ProtocolJson.Default.CampaignSubmission);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains(missing, (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.Problem))!.Detail);
    }

    [Fact]
    public async Task A_plan_says_what_would_be_done()
    {
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var submission = await silo.SubmissionAsync(Campaigns.CampaignTests.File, "plan");
        using var response = await silo.Http.PostAsJsonAsync(ApiRoutes.Plan, submission, ProtocolJson.Default.CampaignSubmission);
        var plan = (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.CampaignPlan))!;
        Assert.Equal(["dense", "hmd-2x"], plan.Variants.Select(variant => variant.Name));
        // LSTM 9 -> 16: 4 * 16 * (9 + 16) weights, 64 biases, a head of 6 * 17.
        Assert.Equal((1766, 1.0), (plan.Variants[0].Parameters, plan.Variants[0].Compression));
        Assert.True(plan.Variants[1].Compression >= 2);
        Assert.Equal((4, agent.Device, null), (plan.Runs, plan.Devices.Single().Device, plan.TrainingSeconds));
        Assert.Empty(await silo.CampaignsAsync());
    }

    [Fact]
    public async Task The_silo_says_what_it_is_and_that_it_is_ready()
    {
        var info = await silo.GetAsync(ApiRoutes.Info, ProtocolJson.Default.SiloDescription);
        Assert.Equal((folder.Path, Environment.ProcessId, 0), (info.StateFolder, info.ProcessId, info.Devices));
        Assert.Equal("ok\n", await silo.Http.GetStringAsync(ApiRoutes.Health));
        Assert.Equal("ready\n", await silo.Http.GetStringAsync(ApiRoutes.Ready));
    }

    [Fact]
    public async Task The_API_has_a_document_that_names_every_route()
    {
        using var document = JsonDocument.Parse(await silo.Http.GetStringAsync("/api/openapi.json"));
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToArray();
        var routes = typeof(ApiRoutes).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
        Assert.Empty(routes.Except(paths));
    }

    [Fact]
    public async Task The_APIs_document_says_which_calls_need_the_token()
    {
        using var document = JsonDocument.Parse(await silo.Http.GetStringAsync("/api/openapi.json"));
        var schemes = document.RootElement.GetProperty("components").GetProperty("securitySchemes").EnumerateObject();
        var (name, scheme) = Assert.Single(schemes.Select(one => (one.Name, one.Value)));
        Assert.Equal(("http", "bearer"), (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()));

        var open = from path in document.RootElement.GetProperty("paths").EnumerateObject()
                   from operation in path.Value.EnumerateObject()
                   where !operation.Value.TryGetProperty("security", out var security) || !security.EnumerateArray().Single().TryGetProperty(name, out _)
                   select path.Name;
        Assert.Equal([ApiRoutes.Health, ApiRoutes.Ready], open.Order());
    }

    [Fact]
    public async Task Metrics_of_the_fleet_and_of_Orleans_are_exposed_with_unit_and_description()
    {
        await using var agent = await FakeAgent.ConnectAsync(silo);
        var beat = new Protocol.V1.Heartbeat();
        beat.Telemetry.Add("temperature_celsius", 48.5);
        await agent.AskAsync(new Protocol.V1.AgentMessage { Heartbeat = beat });

        var metrics = await silo.Http.GetStringAsync("/metrics");
        Assert.Contains("fleet_campaigns{", metrics);
        Assert.Matches("""fleet_device_temperature_celsius\{[^}]*board="Test Board"[^}]*\} 48.5""", metrics);
        Assert.Matches("""fleet_devices\{[^}]*state="idle"[^}]*\} 1""", metrics);
        Assert.Contains("# HELP fleet_agents_connected Agents' streams that are open.", metrics);
        Assert.Contains("orleans_", metrics);
        Assert.DoesNotContain(agent.Device, metrics);
    }
}
