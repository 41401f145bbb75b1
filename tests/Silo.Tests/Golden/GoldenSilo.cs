using System.IO.Compression;
using Fleet.Campaigns.Ports;
using Fleet.Campaigns.Specifications;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;
using Fleet.Domain.Results;
using Fleet.Domain.Text;
using Fleet.Grains.Contracts;
using Fleet.Protocol;
using Fleet.Protocol.Api;
using Fleet.Silo.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Silo.Tests.Golden;

/// <summary>A silo of today on a database that an earlier version left behind. Its artefacts count as stored; nothing has their bytes.</summary>
internal sealed class GoldenSilo : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();

    private GoldenSilo()
    {
    }

    public RunningSilo Running { get; private set; } = null!;

    /// <summary>The condition that a row was measured under.</summary>
    public static Condition ConditionOf(ResultRow row) =>
        new(Words<InferenceMode>.Parse(row.Mode), Words<MeasuringPhase>.Parse(row.Phase), Words<ClockPolicy>.Parse(row.Clock));

    /// <param name="state">Of the file <c>state-STATE.db.gz</c>.</param>
    public static async Task<GoldenSilo> StartAsync(string state)
    {
        var golden = new GoldenSilo();
        await using (var packed = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Golden", $"state-{state}.db.gz")))
        await using (var unpacked = new GZipStream(packed, CompressionMode.Decompress))
        await using (var file = File.Create(golden.folder["fleet.db"]))
        {
            await unpacked.CopyToAsync(file);
        }

        golden.Running = await RunningSilo.StartAsync(
            golden.folder.Path,
            services => services.Replace(ServiceDescriptor.Singleton<IArtefactStore, ForgivingStore>()));
        return golden;
    }

    public Task<CampaignSummary[]> CampaignsAsync() => Running.GetAsync(ApiRoutes.Campaigns, ProtocolJson.Default.CampaignSummaryArray);

    /// <summary>Its id, by its name.</summary>
    public async Task<string> FindAsync(string name) => (await CampaignsAsync()).Single(campaign => campaign.Name == name).Campaign;

    /// <summary>As the campaign keeps it.</summary>
    public async Task<CampaignSpecification> SpecificationAsync(string campaign) =>
        (await Running.Services.GetRequiredService<IGrainFactory>().GetGrain<ICampaignGrain>(campaign).WatchAsync(long.MaxValue))!.Specification;

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>Knows every hash, since a golden database comes without its artefacts.</summary>
    private sealed class ForgivingStore : IArtefactStore
    {
        public Task<ArtefactInfo?> FindAsync(string sha256, CancellationToken cancel) =>
            Task.FromResult<ArtefactInfo?>(new ArtefactInfo(sha256, 1));

        public Task<ArtefactInfo> PutAsync(string sha256, Stream content, CancellationToken cancel) =>
            Task.FromResult(new ArtefactInfo(sha256, content.Length));

        public Task<Stream?> OpenReadAsync(string sha256, CancellationToken cancel) => Task.FromResult<Stream?>(null);
    }
}
