using System.Diagnostics;
using System.Text;
using Fleet.Domain.Campaigns;
using Fleet.Protocol.Api;
using Fleet.Silo.Tests.Campaigns;
using Fleet.Silo.Tests.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Silo.Tests.Api;

/// <summary>What a web page can do to a silo on the same machine, tried in a real browser: nothing.</summary>
public sealed class BrowserTests : IAsyncLifetime
{
    private const string Browser = "chromium";
    private const string ReboundName = "rebound.example";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder folder = new();
    private RunningSilo silo = null!;

    public async ValueTask InitializeAsync()
    {
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        Assert.SkipUnless(places.Any(place => File.Exists(Path.Combine(place, Browser))), $"{Browser} is not installed.");
        silo = await RunningSilo.StartAsync(folder["state"]);
    }

    public async ValueTask DisposeAsync()
    {
        await (silo?.DisposeAsync() ?? ValueTask.CompletedTask);
        folder.Dispose();
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_pause_a_campaign_nor_read_anything()
    {
        var campaign = (await silo.SubmitAsync(await silo.SubmissionAsync(CampaignTests.File, "page"))).Campaign;
        var pause = ApiRoutes.Of(ApiRoutes.PauseCampaign, campaign);
        await using var page = await HostilePage.StartAsync(silo.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), pause);

        await BrowseAsync(page.Address);

        // The same page does reach a server that lets everybody in: the browser is no help.
        Assert.Equal(["/form", "/no-cors", "/simple"], page.Reached.Order().Distinct());
        Assert.Contains("done", page.Report, StringComparison.Ordinal);
        Assert.DoesNotContain("read:", page.Report, StringComparison.Ordinal);
        Assert.Equal(CampaignStatus.Running, (await silo.DetailAsync(campaign)).Summary.State);
    }

    [Fact]
    public async Task A_name_that_was_rebound_to_this_machine_reads_nothing()
    {
        var campaign = (await silo.SubmitAsync(await silo.SubmissionAsync(CampaignTests.File, "rebound"))).Campaign;
        foreach (var path in new[] { ApiRoutes.Campaigns, ApiRoutes.Of(ApiRoutes.CampaignReport, campaign), "/metrics", ApiRoutes.Health })
        {
            var shown = await BrowseAsync($"http://{ReboundName}:{silo.Http.BaseAddress!.Port}{path}");
            Assert.Contains("asked for by a loopback address", shown, StringComparison.Ordinal);
            Assert.DoesNotContain(campaign, shown.Replace(path, "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    /// <returns>The page as the browser has it in the end.</returns>
    private async Task<string> BrowseAsync(string address)
    {
        var start = new ProcessStartInfo(
            Browser,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", $"--user-data-dir={folder["browser"]}",
                $"--host-resolver-rules=MAP {ReboundName} 127.0.0.1", "--no-proxy-server", "--virtual-time-budget=20000", "--dump-dom", address,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var browser = Process.Start(start)!;
        var complaints = browser.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var shown = await browser.StandardOutput.ReadToEndAsync(limit.Token);
            await browser.WaitForExitAsync(limit.Token);
            Assert.True(browser.ExitCode == 0 && shown.Length > 0, await complaints);
            return shown;
        }
        finally
        {
            if (!browser.HasExited)
            {
                browser.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>
    /// A page that posts by form and by fetch, and tries to read; to the silo, and to a server of its own on another port that lets
    /// everybody in.
    /// </summary>
    private sealed class HostilePage : IAsyncDisposable
    {
        private readonly WebApplication page;
        private readonly WebApplication open;

        private HostilePage(WebApplication page, WebApplication open)
        {
            this.page = page;
            this.open = open;
        }

        public string Address => page.Urls.Single();

        /// <summary>Paths of the open server that the page reached.</summary>
        public List<string> Reached { get; } = [];

        /// <summary>What the page's script said it had done and read.</summary>
        public string Report { get; private set; } = "";

        public static async Task<HostilePage> StartAsync(string silo, string pause)
        {
            var one = new HostilePage(Server(), Server());
            one.open.MapPost("/{how}", (string how) =>
            {
                lock (one.Reached)
                {
                    one.Reached.Add("/" + how);
                }

                return Results.Ok();
            });
            await one.open.StartAsync();
            one.page.MapGet("/", () => Results.Content(Html(silo, pause, one.open.Urls.Single()), "text/html"));
            one.page.MapPost("/report", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body, Encoding.UTF8);
                one.Report = await reader.ReadToEndAsync();
            });
            await one.page.StartAsync();
            return one;
        }

        public async ValueTask DisposeAsync()
        {
            await page.DisposeAsync();
            await open.DisposeAsync();
        }

        private static WebApplication Server()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            return builder.Build();
        }

        private static string Html(string silo, string pause, string open) => $$"""
            <!doctype html>
            <iframe name="a"></iframe><iframe name="b"></iframe>
            <form id="silo" target="a" method="post" action="{{silo}}{{pause}}"></form>
            <form id="open" target="b" method="post" action="{{open}}/form"></form>
            <script>
            const loaded = name => new Promise(done => document.querySelector(`iframe[name=${name}]`).onload = done);
            const attempt = async (url, options) => {
                try {
                    const text = await (await fetch(url, options)).text();
                    return text ? `read: ${text}` : 'empty';
                } catch (error) {
                    return 'refused';
                }
            };
            (async () => {
                const forms = [loaded('a'), loaded('b')];
                document.getElementById('silo').submit();
                document.getElementById('open').submit();
                await Promise.race([Promise.all(forms), new Promise(done => setTimeout(done, 3000))]);
                const said = [];
                for (const [target, noCors, simple] of [['{{silo}}', '{{pause}}', '{{pause}}'], ['{{open}}', '/no-cors', '/simple']]) {
                    said.push(await attempt(target + noCors, { method: 'POST', mode: 'no-cors' }));
                    said.push(await attempt(target + simple, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'x' }));
                }
                for (const path of ['/api/info', '/api/campaigns', '/metrics', '/healthz'])
                    said.push(await attempt('{{silo}}' + path, {}));
                await fetch('/report', { method: 'POST', body: said.join('\n') + '\ndone' });
            })();
            </script>
            """;
    }
}
