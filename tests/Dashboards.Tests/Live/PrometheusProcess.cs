using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fleet.Dashboards.Tests.Files;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.Dashboards.Tests.Live;

/// <summary>A real Prometheus on a free port, with the product's configuration and rules, that scrapes one silo every second.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    /// <summary>What Grafana would put in for <c>$__rate_interval</c>, about: four scrapes, and some more for a busy machine.</summary>
    public const string RateInterval = "10s";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process process;
    private readonly HttpClient http;
    private readonly Task<string> said;
    private readonly DateTimeOffset started = TimeProvider.System.GetUtcNow();

    private PrometheusProcess(Process process, int port)
    {
        this.process = process;
        said = process.StandardError.ReadToEndAsync();
        Address = $"http://127.0.0.1:{port}";
        http = new HttpClient { BaseAddress = new Uri(Address), Timeout = Patience };
    }

    public string Address { get; }

    /// <summary>Since the start, with one to spare.</summary>
    public int Minutes => (int)(TimeProvider.System.GetUtcNow() - started).TotalMinutes + 2;

    /// <param name="silo">Host and port of the silo's API.</param>
    /// <param name="state">The silo's state folder, which holds its token.</param>
    public static async Task<PrometheusProcess> StartAsync(string folder, string silo, string state)
    {
        var configuration = Path.Combine(Directory.CreateDirectory(folder).FullName, "prometheus.yml");
        var product = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "prometheus", "prometheus.yml"));
        await File.WriteAllTextAsync(configuration, product
            .Replace("127.0.0.1:5080", silo, StringComparison.Ordinal)
            .Replace("/var/lib/fleet/state", state, StringComparison.Ordinal)
            .Replace("scrape_interval: 5s", "scrape_interval: 1s", StringComparison.Ordinal)
            .Replace("evaluation_interval: 15s", "evaluation_interval: 1s", StringComparison.Ordinal)
            .Replace("rules/*.yml", Path.Combine(AlertRule.Folder, "*.yml"), StringComparison.Ordinal));
        var port = FreePort();
        var start = new ProcessStartInfo(
            "prometheus",
            [
                $"--config.file={configuration}",
                $"--storage.tsdb.path={Path.Combine(folder, "data")}",
                $"--web.listen-address=127.0.0.1:{port}",
                "--log.level=warn",
            ])
        {
            RedirectStandardError = true,
        };
        var prometheus = new PrometheusProcess(Process.Start(start)!, port);
        try
        {
            await prometheus.ReadyAsync();
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    /// <summary>The series that the expression gives now.</summary>
    public async Task<JsonArray> NowAsync(string expression) => (await GetAsync($"query?query={Uri.EscapeDataString(expression)}"))["result"]!.AsArray();

    /// <summary>The series that it gave since the start, second by second.</summary>
    public async Task<JsonArray> SinceStartAsync(string expression)
    {
        var (from, to) = (Seconds(started), Seconds(TimeProvider.System.GetUtcNow()));
        return (await GetAsync($"query_range?query={Uri.EscapeDataString(expression)}&start={from}&end={to}&step=1"))["result"]!.AsArray();
    }

    public async Task<IReadOnlyList<string>> LabelValuesAsync(string label, string? selector = null) =>
        [
            .. (await GetAsync($"label/{label}/values{(selector is null ? "" : "?match[]=" + Uri.EscapeDataString(selector))}"))
                .AsArray().Select(value => value!.GetValue<string>()),
        ];

    public Task<JsonNode> GetAsync(string path) => GetAsync(path, "data");

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
    }

    private async Task<JsonNode> GetAsync(string path, string part)
    {
        using var response = await http.GetAsync($"/api/v1/{path}");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {text}");
        return JsonNode.Parse(text)![part]!;
    }

    private async Task ReadyAsync()
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await AnswersAsync())
        {
            Assert.False(process.HasExited, $"Prometheus ended: {(process.HasExited ? await said : "")}");
            Assert.True(watch.Elapsed < Patience, $"Prometheus was not ready within {Patience.TotalMinutes} min.");
            await timer.WaitForNextTickAsync();
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var response = await http.GetAsync("/-/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Seconds(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
