using System.Collections.Concurrent;
using System.Text.Json;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Text;
using Fleet.Os.Files;
using Fleet.Os.State;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Cli.Tests.Support;

/// <summary>A silo's HTTP API with answers that a test sets, on a free port.</summary>
internal sealed class FakeSilo : IAsyncDisposable
{
    private readonly WebApplication app;
    private FileStream? held;

    private FakeSilo(WebApplication app, int processId)
    {
        this.app = app;
        ProcessId = processId;
    }

    public int ProcessId { get; }

    public string Http => app.Urls.First();

    public CampaignCheck Check { get; set; } = new() { Problems = [], Tasks = ["synthetic-har"] };

    public bool Resumed { get; set; }

    public List<CampaignSummary> Campaigns { get; } = [];

    public List<DeviceSummary> Devices { get; } = [];

    public List<JobSummary> Jobs { get; } = [Samples.Job("dense", JobStatus.Ready), Samples.Job("hmd-4x", JobStatus.Training, 7, 0.31)];

    public CampaignTable Table { get; set; } = Samples.Table();

    /// <summary>What each connection to the event stream gets; the last one is repeated. A null breaks the connection, otherwise it stays open.</summary>
    public List<CampaignEvent?[]> Connections { get; } = [];

    /// <summary>Connections that have carried events break only now: a break overtakes what was sent just before it.</summary>
    public TaskCompletionSource Break { get; } = new();

    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentDictionary<string, byte[]> Artefacts { get; } = new();

    public ConcurrentQueue<CampaignSubmission> Submissions { get; } = new();

    public ConcurrentQueue<string> LastEventIds { get; } = new();

    private int streams;

    public static async Task<FakeSilo> StartAsync(int? processId = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var silo = new FakeSilo(app, processId ?? Environment.ProcessId);
        silo.Map();
        await app.StartAsync();
        return silo;
    }

    /// <summary>What it says of its state folder; null as a silo of an older version.</summary>
    public string? StateIdentity { get; set; }

    /// <summary>The Authorization header that it wants.</summary>
    public string? Authorization { get; set; }

    /// <summary>Makes it the silo of this state folder: it holds the folder, unless somebody else does, and its address is there.</summary>
    public void Announce(string stateFolder)
    {
        held ??= FileLock.TryExclusive(Path.Combine(stateFolder, StateFolder.LockFileName));
        Address.Write(stateFolder);
    }

    public SiloAddress Address => new() { ProcessId = ProcessId, Http = Http, Grpc = "http://127.0.0.1:1", Version = "0.1.0" };

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        held?.Dispose();
    }

    private void Map()
    {
        app.Use(async (context, next) =>
        {
            Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
            if (Authorization is { } wanted && context.Request.Headers.Authorization != wanted)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            await next(context);
        });
        app.MapGet(
            ApiRoutes.Info,
            () => Json(
                new SiloDescription
                {
                    Version = "0.1.0", StateFolder = "", StateIdentity = StateIdentity, ProcessId = ProcessId, Devices = 1, ActiveCampaigns = 0,
                },
                ProtocolJson.Default.SiloDescription));
        app.MapPost(ApiRoutes.Check, () => Json(Check, ProtocolJson.Default.CampaignCheck));
        app.MapPost(ApiRoutes.Plan, () => Json(Plan(), ProtocolJson.Default.CampaignPlan));
        app.MapPost(ApiRoutes.Campaigns, async (HttpRequest request) =>
        {
            Submissions.Enqueue((await JsonSerializer.DeserializeAsync(request.Body, ProtocolJson.Default.CampaignSubmission))!);
            return Json(new CampaignCreated { Campaign = Samples.Campaign, Resumed = Resumed, Plan = Plan() }, ProtocolJson.Default.CampaignCreated);
        });
        app.MapGet(ApiRoutes.Campaigns, () => Json([.. Campaigns], ProtocolJson.Default.CampaignSummaryArray));
        app.MapGet(ApiRoutes.Campaign, (string id) => Campaigns.Find(one => one.Campaign == id) is { } found
            ? Json(Samples.Detail(found, [.. Jobs]), ProtocolJson.Default.CampaignDetail)
            : Json(new Problem { Title = "No such campaign", Status = 404, Detail = $"There is no campaign {id}." }, ProtocolJson.Default.Problem, 404));
        app.MapGet(ApiRoutes.CampaignTable, () => Json(Table, ProtocolJson.Default.CampaignTable));
        app.MapGet(ApiRoutes.CampaignResults, () => Json([.. Table.Rows.Select(row => row.Row)], ProtocolJson.Default.ResultRowArray));
        app.MapGet(ApiRoutes.CampaignReport, () => Results.Text("<!doctype html><title>report</title>", "text/html"));
        app.MapGet(ApiRoutes.SuiteReport, () => Results.Text("<!doctype html><title>suite</title>", "text/html"));
        app.MapGet(ApiRoutes.CampaignEvents, StreamAsync);
        foreach (
            var (route, state) in new[] { (ApiRoutes.PauseCampaign, CampaignStatus.Paused), (ApiRoutes.ResumeCampaign, CampaignStatus.Running),
                (ApiRoutes.CancelCampaign, CampaignStatus.Cancelled) })
        {
            app.MapPost(route, () => Json(Samples.Summary(state), ProtocolJson.Default.CampaignSummary));
        }

        app.MapMethods(ApiRoutes.Exclusion, ["PUT", "DELETE"], () => Json(Samples.Summary(), ProtocolJson.Default.CampaignSummary));
        app.MapDelete(ApiRoutes.Device, (string id) => Devices.Find(one => one.Device == id) is { State: DeviceStatus.Silent } found
            ? Json(found, ProtocolJson.Default.DeviceSummary)
            : Json(new Problem { Title = "Conflict", Status = 409, Detail = "The agent of pi4 is connected." }, ProtocolJson.Default.Problem, 409));
        app.MapGet(ApiRoutes.Devices, () => Json([.. Devices], ProtocolJson.Default.DeviceSummaryArray));
        app.MapGet(ApiRoutes.Why, (string name) => name is Samples.Campaign or "last"
            ? Json(Samples.Explanation(), ProtocolJson.Default.Explanation)
            : Json(
                new Problem { Title = "Not Found", Status = 404, Detail = $"There is no campaign, device or run '{name}'. Did you mean 'uci-har'?" },
                ProtocolJson.Default.Problem,
                404));
        app.MapGet(ApiRoutes.Jobs, () => Json([.. Jobs], ProtocolJson.Default.JobSummaryArray));
        app.MapGet(ApiRoutes.Artefact, (string sha256) => Artefacts.TryGetValue(sha256, out var bytes) ? Results.Bytes(bytes) : Results.NotFound());
        app.MapMethods(ApiRoutes.Artefact, ["HEAD"], (string sha256) => Artefacts.ContainsKey(sha256) ? Results.Ok() : Results.NotFound());
        app.MapPut(ApiRoutes.Artefact, async (string sha256, HttpRequest request) =>
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            Artefacts[sha256] = bytes.ToArray();
            return Results.Ok();
        });
    }

    private async Task StreamAsync(HttpContext context)
    {
        LastEventIds.Enqueue(context.Request.Headers["Last-Event-ID"].ToString());
        var script = Connections[Math.Min(Interlocked.Increment(ref streams), Connections.Count) - 1];
        context.Response.ContentType = "text/event-stream";
        foreach (var one in script)
        {
            if (one is null)
            {
                await (context.Response.HasStarted ? Break.Task : Task.CompletedTask);
                context.Abort();
                return;
            }

            await context.Response.WriteAsync(
                $"id: {one.Sequence}\nevent: {one.Kind.Word()}\ndata: {JsonSerializer.Serialize(one, ProtocolJson.Default.CampaignEvent)}\n\n");
            await context.Response.Body.FlushAsync();
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static CampaignPlan Plan() => new()
    {
        Name = "uci-har",
        Variants = [new PlannedVariant { Variant = "v", Name = "dense", Task = "uci-har", Method = "dense", Compression = 1, Parameters = 19_456, Seed = 1,
            Ready = false }],
        Devices = [new PlannedDevice { Device = Samples.Device, Name = "pi4", Board = "Raspberry Pi 4", Arch = "arm64", Runs = 10 }],
        Runs = 10,
        TrainingSeconds = 95,
        DeviceSeconds = 200,
    };

    private static IResult Json<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, int status = 200) =>
        Results.Text(JsonSerializer.Serialize(value, type), status == 200 ? "application/json" : "application/problem+json", statusCode: status);
}
