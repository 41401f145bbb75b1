using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

public sealed class UciHarCampaignTests
{
    [Fact]
    public async Task The_uci_har_campaign_reaches_its_accuracies_and_hmd_is_faster_than_dense()
    {
        await using var sandbox = new Sandbox();

        var run = await sandbox.RunAsync(
            TimeSpan.FromMinutes(30), "campaign", "run", "campaigns/uci-har.yaml", "--data", Repository.Data("uci-har-subset"), "--json");

        run.Succeeded();
        Assert.Empty(sandbox.Running());
        var rows = run.Json();
        Assert.True(Window(rows, "dense").GetProperty("metric_value").GetDouble() >= 0.88, rows.ToString());
        var hmd = Window(rows, "hmd-4x");
        Assert.True(hmd.GetProperty("metric_value").GetDouble() >= 0.84, rows.ToString());
        Assert.True(hmd.GetProperty("ratio_to_reference").GetProperty("high").GetDouble() < 1, rows.ToString());
        Assert.Equal(950, hmd.GetProperty("samples").GetInt64());
        Assert.Equal(10, rows.GetArrayLength());
    }

    private static JsonElement Window(JsonElement rows, string variant) => rows.EnumerateArray().Single(row =>
        row.GetProperty("variant_name").GetString() == variant && row.GetProperty("mode").GetString() == "window");
}
