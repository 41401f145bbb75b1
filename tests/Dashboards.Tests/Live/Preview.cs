using System.Net;
using Fleet.Dashboards.Tests.Files;
using Fleet.Dashboards.Tests.Tools;

namespace Fleet.Dashboards.Tests.Live;

/// <summary>Has the dashboards drawn by dashboards/preview: every panel must have something to show.</summary>
internal static class Preview
{
    /// <summary>Names a folder for pictures, to be looked at; without it only pages are drawn, and looked at here.</summary>
    private const string FolderVariable = "FLEET_PREVIEW";

    public static async Task DrawAsync(PrometheusProcess prometheus)
    {
        var script = Path.Combine(Dashboard.Folder, "preview", "preview.py");
        var pages = Directory.CreateTempSubdirectory("fleet-test-");
        try
        {
            foreach (var dashboard in Dashboard.All)
            {
                var name = Path.GetFileNameWithoutExtension(dashboard.FileName);
                string[] arguments =
                [
                    script, Path.Combine(Dashboard.Folder, dashboard.FileName),
                    "--prometheus", prometheus.Address, "--minutes", $"{prometheus.Minutes}", "--interval", PrometheusProcess.RateInterval,
                ];
                var page = Path.Combine(pages.FullName, name + ".html");
                await Tool.RunAsync("python3", [.. arguments, "--out", page]);
                var drawn = await File.ReadAllTextAsync(page);
                Assert.DoesNotContain(">no data<", drawn, StringComparison.Ordinal);
                Assert.All(dashboard.Charts, panel => Assert.Contains($">{Escaped(panel.Title)}<", drawn, StringComparison.Ordinal));
                if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
                {
                    await Tool.RunAsync("python3", [.. arguments, "--out", Path.Combine(Directory.CreateDirectory(folder).FullName, name + ".png")]);
                }
            }
        }
        finally
        {
            pages.Delete(recursive: true);
        }
    }

    // Python writes the apostrophe in hexadecimal.
    private static string Escaped(string title) => WebUtility.HtmlEncode(title).Replace("&#39;", "&#x27;", StringComparison.Ordinal);
}
