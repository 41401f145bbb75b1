using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Fleet.Campaigns.Ports;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Devices;
using Fleet.Domain.Jobs;
using Fleet.Domain.Tasks;
using Fleet.Os.State;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Configuration;
using Fleet.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Silo.Tests.Running;

/// <summary>A silo in this process on free ports, with a client for its API.</summary>
internal sealed class RunningSilo : IAsyncDisposable
{
    private readonly SiloProcess process;

    private RunningSilo(SiloProcess process)
    {
        this.process = process;
        Http = new HttpClient { BaseAddress = new Uri(process.Address.Http), Timeout = Wait.Hanging };
        Http.DefaultRequestHeaders.Add("Authorization", Token.Header);
    }

    public AccessToken Token => Services.GetRequiredService<AccessToken>();

    public HttpClient Http { get; }

    public string GrpcAddress => process.Address.Grpc;

    public IServiceProvider Services => process.App.Services;

    public static SiloOptions Options(string state) => new()
    {
        State = state,
        Http = new IPEndPoint(IPAddress.Loopback, 0),
        Grpc = new IPEndPoint(IPAddress.Loopback, 0),
        MaxArtefactBytes = 1 << 20,
    };

    /// <summary>Nothing is trained: see <see cref="FakeCompressor"/>.</summary>
    public static Task<RunningSilo> StartAsync(string state, Action<IServiceCollection>? configure = null) => StartAsync(Options(state), configure);

    public static async Task<RunningSilo> StartAsync(SiloOptions options, Action<IServiceCollection>? configure = null) =>
        new(await SiloProcess.StartAsync(
            options,
            services =>
            {
                services.Replace(ServiceDescriptor.Singleton<ICompressor, FakeCompressor>());
                configure?.Invoke(services);
            },
            CancellationToken.None));

    public async Task<string> UploadAsync(byte[] content)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        using var response = await Http.PutAsync(ApiRoutes.ArtefactOf(sha256), new ByteArrayContent(content));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return sha256;
    }

    /// <summary>The file with data of its own bound to it, so that no other test's variants are the same.</summary>
    public async Task<CampaignSubmission> SubmissionAsync(string text, string salt) => new()
    {
        File = new CampaignFile { Text = text, Source = "test.yaml" },
        Data =
        [
            new TaskData
            {
                Task = "synthetic-har",
                TrainingSha256 = await UploadAsync(System.Text.Encoding.UTF8.GetBytes("training " + salt)),
                TestSha256 = await UploadAsync(System.Text.Encoding.UTF8.GetBytes("test " + salt)),
                Input = 9,
                Steps = 128,
                Classes = 6,
                TrainingSamples = 100,
                TestSamples = 50,
            },
        ],
    };

    public async Task<CampaignCreated> SubmitAsync(CampaignSubmission submission)
    {
        using var response = await Http.PostAsJsonAsync(ApiRoutes.Campaigns, submission, ProtocolJson.Default.CampaignSubmission);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.CampaignCreated))!;
    }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type) => (await Http.GetFromJsonAsync(path, type))!;

    public Task<DeviceSummary[]> DevicesAsync() => GetAsync(ApiRoutes.Devices, ProtocolJson.Default.DeviceSummaryArray);

    public Task<CampaignSummary[]> CampaignsAsync() => GetAsync(ApiRoutes.Campaigns, ProtocolJson.Default.CampaignSummaryArray);

    public Task<JobSummary[]> JobsAsync() => GetAsync(ApiRoutes.Jobs, ProtocolJson.Default.JobSummaryArray);

    public Task<CampaignDetail> DetailAsync(string campaign) => GetAsync(ApiRoutes.Of(ApiRoutes.Campaign, campaign), ProtocolJson.Default.CampaignDetail);

    /// <summary>Looks until the campaign is as wanted.</summary>
    public Task<CampaignDetail> UntilAsync(string campaign, Func<CampaignDetail, bool> wanted) => Wait.UntilAsync(
        () => DetailAsync(campaign), wanted, detail => $"The campaign never came to it: {detail.Summary}, notes: {string.Join("; ", detail.Notes)}");

    /// <summary>Looks until the metrics are as wanted: the exporter gives the same answer for a moment.</summary>
    public Task UntilMetricsAsync(string pattern) => Wait.UntilAsync(
        () => Http.GetStringAsync("/metrics"),
        metrics => Regex.IsMatch(metrics, pattern),
        metrics => $"The metrics never matched {pattern}:\n{metrics}");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await process.DisposeAsync();
    }
}
