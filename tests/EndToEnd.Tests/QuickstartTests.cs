using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

public sealed class QuickstartTests
{
    [Fact]
    public async Task Quickstart_trains_measures_reports_and_leaves_nothing_running()
    {
        await using var sandbox = new Sandbox();

        var run = await sandbox.RunAsync(TimeSpan.FromMinutes(30), "quickstart", "--out", sandbox.Output);

        run.Succeeded();
        await sandbox.NothingRunsAsync(Wait.Hanging);
        var rows = JsonDocument.Parse(File.ReadAllText(Path.Combine(sandbox.Output, "results.json"))).RootElement;
        var names = rows.EnumerateArray().Select(row => row.GetProperty("variant_name").GetString()!).ToHashSet();
        Assert.Equal(["dense", "hmd-2x", "hmd-4x", "lmf-4x", "pruned-4x"], names.Order());
        Assert.All(rows.EnumerateArray(), row =>
        {
            Assert.InRange(row.GetProperty("metric_value").GetDouble(), 0.3, 1);
            Assert.True(row.GetProperty("latency_us").GetProperty("mean").GetDouble() > 0);
            Assert.Contains(row.GetProperty("validity").GetString(), new[] { "valid", "suspect" });
            Assert.Contains(row.GetProperty("variant_name").GetString()!, run.Output, StringComparison.Ordinal);
        });
        var report = File.ReadAllText(Path.Combine(sandbox.Output, "report.html"));
        Assert.Contains("hmd-4x", report, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", report, StringComparison.Ordinal);
    }
}
