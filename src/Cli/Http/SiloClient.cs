using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Cli.Failures;
using Fleet.Cli.Packages;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Explanations;
using Fleet.Domain.Jobs;
using Fleet.Domain.Results;
using Fleet.Os.Processes;
using Fleet.Os.State;
using Fleet.Protocol;
using Fleet.Protocol.Api;

namespace Fleet.Cli.Http;

/// <summary>The silo's HTTP API. What the silo refuses, and a silo that is not there, become exceptions with words for people.</summary>
internal sealed class SiloClient : IDisposable
{
    private const long AskFirstFrom = 1 << 20;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private readonly HttpClient http;

    /// <param name="token">Goes along with every call; null where the silo is of a version that knows none.</param>
    public SiloClient(Uri address, AccessToken? token)
    {
        Address = address;
        http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectLimit, Expect100ContinueTimeout = ConnectLimit, UseProxy = false })
        {
            BaseAddress = address,
            // Uploads and event streams take as long as they take; every call has a token.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Add("Authorization", token.Header);
        }
    }

    public Uri Address { get; }

    public Task<SiloDescription> InfoAsync(CancellationToken cancel) =>
        GetAsync(ApiRoutes.Info, ProtocolJson.Default.SiloDescription, cancel);

    public Task<CampaignCheck> CheckAsync(CampaignFile file, CancellationToken cancel) =>
        PostAsync(ApiRoutes.Check, file, ProtocolJson.Default.CampaignFile, ProtocolJson.Default.CampaignCheck, cancel);

    public Task<CampaignPlan> PlanAsync(CampaignSubmission submission, CancellationToken cancel) =>
        PostAsync(ApiRoutes.Plan, submission, ProtocolJson.Default.CampaignSubmission, ProtocolJson.Default.CampaignPlan, cancel);

    public Task<CampaignCreated> SubmitAsync(CampaignSubmission submission, CancellationToken cancel) =>
        PostAsync(ApiRoutes.Campaigns, submission, ProtocolJson.Default.CampaignSubmission, ProtocolJson.Default.CampaignCreated, cancel);

    public Task<CampaignSummary[]> CampaignsAsync(CancellationToken cancel) =>
        GetAsync(ApiRoutes.Campaigns, ProtocolJson.Default.CampaignSummaryArray, cancel);

    public Task<CampaignDetail> CampaignAsync(string campaign, CancellationToken cancel) =>
        GetAsync(ApiRoutes.Of(ApiRoutes.Campaign, campaign), ProtocolJson.Default.CampaignDetail, cancel);

    public Task<CampaignTable> TableAsync(string campaign, CancellationToken cancel) =>
        GetAsync(ApiRoutes.Of(ApiRoutes.CampaignTable, campaign), ProtocolJson.Default.CampaignTable, cancel);

    public Task<ResultRow[]> ResultsAsync(string campaign, CancellationToken cancel) =>
        GetAsync(ApiRoutes.Of(ApiRoutes.CampaignResults, campaign), ProtocolJson.Default.ResultRowArray, cancel);

    public Task<DeviceSummary[]> DevicesAsync(CancellationToken cancel) =>
        GetAsync(ApiRoutes.Devices, ProtocolJson.Default.DeviceSummaryArray, cancel);

    public Task<JobSummary[]> JobsAsync(CancellationToken cancel) =>
        GetAsync(ApiRoutes.Jobs, ProtocolJson.Default.JobSummaryArray, cancel);

    /// <param name="name">Of a campaign, a device or a run: its id, the beginning of it, or its name.</param>
    public Task<Explanation> WhyAsync(string name, CancellationToken cancel) =>
        GetAsync(ApiRoutes.WhyOf(name), ProtocolJson.Default.Explanation, cancel);

    /// <param name="route"><see cref="ApiRoutes.PauseCampaign"/>, <see cref="ApiRoutes.ResumeCampaign"/> or <see cref="ApiRoutes.CancelCampaign"/>.</param>
    public Task<CampaignSummary> ControlAsync(string route, string campaign, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, ApiRoutes.Of(route, campaign), ProtocolJson.Default.CampaignSummary, cancel);

    /// <summary>Takes the device out of the campaign, or takes it back.</summary>
    public Task<CampaignSummary> ExcludeAsync(string campaign, string device, bool excluded, CancellationToken cancel) =>
        SendAsync(excluded ? HttpMethod.Put : HttpMethod.Delete, ApiRoutes.ExclusionOf(campaign, device), ProtocolJson.Default.CampaignSummary, cancel);

    public Task<DeviceSummary> RemoveDeviceAsync(string device, CancellationToken cancel) =>
        SendAsync(HttpMethod.Delete, ApiRoutes.Of(ApiRoutes.Device, device), ProtocolJson.Default.DeviceSummary, cancel);

    public Task<byte[]> ReportAsync(string campaign, CancellationToken cancel) => PageAsync(ApiRoutes.Of(ApiRoutes.CampaignReport, campaign), cancel);

    public Task<byte[]> SuiteReportAsync(string suite, CancellationToken cancel) => PageAsync(ApiRoutes.SuiteReportOf(suite), cancel);

    private async Task<byte[]> PageAsync(string path, CancellationToken cancel)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancel).ConfigureAwait(false);
        return await ReadBodyAsync(content => content.ReadAsByteArrayAsync(cancel), response).ConfigureAwait(false);
    }

    public async Task<bool> HasArtefactAsync(string sha256, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, ApiRoutes.ArtefactOf(sha256));
        using var response = await TrySendAsync(request, cancel).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        await EnsureSuccessAsync(response, cancel).ConfigureAwait(false);
        return true;
    }

    /// <returns>The artefact's bytes; null where the silo does not have it.</returns>
    public async Task<byte[]?> ArtefactAsync(string sha256, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ApiRoutes.ArtefactOf(sha256));
        using var response = await TrySendAsync(request, cancel).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await EnsureSuccessAsync(response, cancel).ConfigureAwait(false);
        return await ReadBodyAsync(content => content.ReadAsByteArrayAsync(cancel), response).ConfigureAwait(false);
    }

    /// <param name="sent">Told how many bytes have gone so far.</param>
    public async Task PutArtefactAsync(string sha256, ReadOnlyMemory<byte> bytes, IProgress<long> sent, CancellationToken cancel)
    {
        using var content = new ReportingContent(bytes, sent);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Put, ApiRoutes.ArtefactOf(sha256)) { Content = content };
        AskFirst(request);
        using var response = await SendAsync(request, cancel).ConfigureAwait(false);
    }

    /// <summary>One connection's worth of events; the end of the sequence is the end of the connection, for whatever reason.</summary>
    /// <param name="after">The last sequence that was seen, or null.</param>
    /// <exception cref="SiloUnreachableException">The connection could not be made, or broke.</exception>
    public async IAsyncEnumerable<CampaignEvent> EventsAsync(string campaign, long? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ApiRoutes.Of(ApiRoutes.CampaignEvents, campaign));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (after is { } sequence)
        {
            request.Headers.Add("Last-Event-ID", sequence.ToString());
        }

        using var response = await SendAsync(request, cancel).ConfigureAwait(false);
        await using var stream = await ReadBodyAsync(content => content.ReadAsStreamAsync(cancel), response).ConfigureAwait(false);
        var parser = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize(data, ProtocolJson.Default.CampaignEvent));
        await using var events = parser.EnumerateAsync(cancel).GetAsyncEnumerator(cancel);
        while (await MoveNextAsync().ConfigureAwait(false))
        {
            if (events.Current.Data is { } one)
            {
                yield return one;
            }
        }

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await events.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                throw Unreachable(error);
            }
            catch (JsonException error)
            {
                throw Unreadable(error);
            }
        }
    }

    public void Dispose() => http.Dispose();

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) => SendAsync(HttpMethod.Get, path, type, cancel);

    /// <summary>A call without a body.</summary>
    private async Task<T> SendAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var response = await SendAsync(new HttpRequestMessage(method, path), cancel).ConfigureAwait(false);
        return await ReadAsync(response, type, cancel).ConfigureAwait(false);
    }

    private async Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancel)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        AskFirst(request);
        using var response = await SendAsync(request, cancel).ConfigureAwait(false);
        return await ReadAsync(response, answerType, cancel).ConfigureAwait(false);
    }

    // A silo that refuses a large body closes the connection before it has read it; asked first, its reason arrives.
    private static void AskFirst(HttpRequestMessage request) =>
        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > AskFirstFrom ? true : null;

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var response = await TrySendAsync(request, cancel).ConfigureAwait(false);
        try
        {
            await EnsureSuccessAsync(response, cancel).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> TrySendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw Unreachable(error);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        try
        {
            var body = await ReadBodyAsync(content => content.ReadAsByteArrayAsync(cancel), response).ConfigureAwait(false);
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw Unreadable(error);
        }
    }

    private async Task<T> ReadBodyAsync<T>(Func<HttpContent, Task<T>> read, HttpResponseMessage response)
    {
        try
        {
            return await read(response.Content).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Unreachable(error);
        }
    }

    private static async Task EnsureSuccessAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw await ProblemAnswer.ReadAsync(response, cancel).ConfigureAwait(false);
        }
    }

    private SiloUnreachableException Unreachable(Exception error) =>
        new($"The silo at {Address.GetLeftPart(UriPartial.Authority)} cannot be reached: {error.InnerException?.Message ?? error.Message}");

    private CommandFailedException Unreadable(JsonException error) => new(
        ExitCodes.Failed,
        $"The silo at {Address.GetLeftPart(UriPartial.Authority)} gave an answer that this version of the CLI"
            + $" ({ProductVersion.Text}) cannot read: {error.Message}",
        "Run the CLI and the silo from the same version of Fleet.");
}
