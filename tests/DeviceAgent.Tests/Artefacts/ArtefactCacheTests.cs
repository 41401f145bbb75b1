using Fleet.DeviceAgent.Artefacts;
using Fleet.DeviceAgent.Tests.Support;
using Fleet.Protocol.V1;

namespace Fleet.DeviceAgent.Tests.Artefacts;

public sealed class ArtefactCacheTests : IAsyncLifetime
{
    private const int Size = 300_000;
    private readonly TemporaryFolder temporary = new();
    private readonly LogLines log = new();
    private readonly HttpClient http = new();
    private FakeSilo silo = null!;

    private string Folder => Directory.CreateDirectory(temporary.File("artefacts")).FullName;

    public async ValueTask InitializeAsync() => silo = await FakeSilo.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        http.Dispose();
        temporary.Dispose();
    }

    [Fact]
    public async Task An_artefact_is_fetched_once_and_its_bytes_are_those_of_its_hash()
    {
        var artefact = Make(1);
        var cache = Cache();

        var path = await GetAsync(cache, artefact);
        Assert.Equal(path, await GetAsync(cache, artefact));

        Assert.Equal(silo.Artefacts[artefact.Sha256], File.ReadAllBytes(path));
        Assert.Single(silo.Requests);
        Assert.Equal([path], Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_download_cut_off_goes_on_where_it_stopped()
    {
        var artefact = Make(1);
        silo.Serve = async (context, bytes) =>
        {
            if (silo.Requests.Count > 1)
            {
                return false;
            }

            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, 100_000));
            await context.Response.Body.FlushAsync();
            await Until.TrueAsync(() => PartLength(artefact) == 100_000, "the agent has the first part");
            context.Abort();
            return true;
        };

        var path = await GetAsync(Cache(), artefact);

        Assert.Equal(silo.Artefacts[artefact.Sha256], File.ReadAllBytes(path));
        Assert.Equal(["", "bytes=100000-"], silo.Requests.Select(request => request.Range));
    }

    [Fact]
    public async Task A_part_left_by_an_earlier_agent_is_taken_up_and_a_silo_without_ranges_is_no_trouble()
    {
        var artefact = Make(1);
        var cache = Cache();
        File.WriteAllBytes(Path.Combine(Folder, artefact.Sha256 + ".part"), silo.Artefacts[artefact.Sha256][..1234]);
        silo.Serve = async (context, bytes) =>
        {
            await context.Response.Body.WriteAsync(bytes);
            return true;
        };

        var path = await GetAsync(cache, artefact);

        Assert.Equal(silo.Artefacts[artefact.Sha256], File.ReadAllBytes(path));
        Assert.Equal("bytes=1234-", Assert.Single(silo.Requests).Range);
    }

    [Fact]
    public async Task A_part_with_other_bytes_is_thrown_away_and_fetched_whole()
    {
        var artefact = Make(1);
        var cache = Cache();
        File.WriteAllBytes(Path.Combine(Folder, artefact.Sha256 + ".part"), new byte[5000]);

        var path = await GetAsync(cache, artefact);

        Assert.Equal(silo.Artefacts[artefact.Sha256], File.ReadAllBytes(path));
        Assert.Equal(["bytes=5000-", ""], silo.Requests.Select(request => request.Range));
    }

    [Fact]
    public async Task Bytes_that_are_not_those_of_the_hash_are_refused_and_nothing_is_stored()
    {
        var artefact = Make(1);
        silo.Artefacts[artefact.Sha256][17] ^= 1;

        var error = await Assert.ThrowsAsync<ArtefactException>(() => GetAsync(Cache(), artefact));

        Assert.Contains("are not those leased", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task An_artefact_longer_than_leased_is_refused()
    {
        var artefact = Make(1);
        silo.Serve = async (context, bytes) =>
        {
            await context.Response.Body.WriteAsync(bytes);
            await context.Response.Body.WriteAsync(bytes);
            return true;
        };

        var error = await Assert.ThrowsAsync<ArtefactException>(() => GetAsync(Cache(), artefact));

        Assert.Contains($"longer than the {Size} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_artefact_that_the_silo_does_not_have_is_an_error_at_once()
    {
        var artefact = Make(1);
        silo.Artefacts.Clear();

        var error = await Assert.ThrowsAsync<ArtefactException>(() => GetAsync(Cache(), artefact));

        Assert.Contains("does not have", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task A_silo_that_is_away_is_waited_for_but_not_for_ever()
    {
        var artefact = Make(1);
        var cache = Cache(patience: TimeSpan.FromMilliseconds(500));
        var away = new Uri("http://127.0.0.1:9/");

        var error = await Assert.ThrowsAsync<ArtefactException>(() => cache.GetAsync(artefact, away, Needs(artefact), CancellationToken.None));

        Assert.True(error.IsTransient);
        Assert.Contains("cannot be fetched", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cache_keeps_its_bound_and_lets_the_least_recently_used_go()
    {
        var (first, second, third) = (Make(1), Make(2), Make(3));
        var cache = Cache(limit: 2 * Size);
        await GetAsync(cache, first);
        await GetAsync(cache, second);
        await GetAsync(cache, first);

        await GetAsync(cache, third);

        Assert.Equal(new[] { first.Sha256, third.Sha256 }.Order(), Stored());
    }

    [Fact]
    public async Task What_the_session_needs_is_never_let_go()
    {
        var (first, second, third) = (Make(1), Make(2), Make(3));
        var cache = Cache(limit: 2 * Size);
        await GetAsync(cache, first);
        await GetAsync(cache, second);

        await cache.GetAsync(third, new Uri(silo.ArtefactsUrl), Needs(first, third), CancellationToken.None);

        Assert.Equal(new[] { first.Sha256, third.Sha256 }.Order(), Stored());
    }

    [Fact]
    public async Task A_session_that_needs_more_than_the_cache_may_hold_is_told_so_before_anything_is_fetched()
    {
        var (first, second) = (Make(1), Make(2));
        var cache = Cache(limit: Size + 1);

        var error = await Assert.ThrowsAsync<ArtefactException>(
            () => cache.GetAsync(first, new Uri(silo.ArtefactsUrl), Needs(first, second), CancellationToken.None));

        Assert.Contains("--cache", error.Message, StringComparison.Ordinal);
        Assert.Empty(silo.Requests);
    }

    [Fact]
    public async Task A_stored_artefact_that_rots_is_fetched_again()
    {
        var artefact = Make(1);
        var cache = Cache();
        var path = await GetAsync(cache, artefact);
        var bytes = File.ReadAllBytes(path);
        bytes[5] ^= 1;
        File.WriteAllBytes(path, bytes);

        await GetAsync(cache, artefact);

        Assert.Equal(silo.Artefacts[artefact.Sha256], File.ReadAllBytes(path));
        Assert.Contains("was damaged on the disk", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/passwd", 5)]
    [InlineData("", 5)]
    [InlineData("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", 5)]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 0)]
    public void A_lease_that_names_no_artefact_is_refused(string sha256, long bytes) =>
        Assert.Throws<ArtefactException>(() => ArtefactReference.Of(new Artefact { Sha256 = sha256, Bytes = bytes }, "model"));

    private ArtefactReference Make(int seed)
    {
        var bytes = new byte[Size];
        new Random(seed).NextBytes(bytes);
        return ArtefactReference.Of(silo.Add(bytes), "model");
    }

    private ArtefactCache Cache(long limit = ArtefactCache.DefaultLimitBytes, TimeSpan? patience = null) =>
        new(Folder, limit, patience ?? TimeSpan.FromSeconds(20), http, TimeProvider.System, log.Writer);

    private Task<string> GetAsync(ArtefactCache cache, ArtefactReference artefact) =>
        cache.GetAsync(artefact, new Uri(silo.ArtefactsUrl), Needs(artefact), CancellationToken.None);

    private static HashSet<ArtefactReference> Needs(params ArtefactReference[] artefacts) => [.. artefacts];

    private IEnumerable<string?> Stored() => Directory.GetFiles(Folder).Select(Path.GetFileName).Order();

    private long PartLength(ArtefactReference artefact) =>
        new FileInfo(Path.Combine(Folder, artefact.Sha256 + ".part")) is { Exists: true } file ? file.Length : 0;
}
