using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

public sealed class UciHarCampaignTests
{
    [Fact]
    public async Task The_uci_har_campaign_reaches_its_accuracies_and_hmd_is_faster_than_dense()
    {
        await using var sandbox = new Sandbox();

        var rows = await RunAsync(sandbox);
        // On a machine that others keep busy, a session may bring no ratio. It is measured again then, on the same models.
        for (var again = 0; again < 4 && Window(rows, "hmd-4x").GetProperty("ratio_to_reference").ValueKind == JsonValueKind.Null; again++)
        {
            rows = await RunAsync(sandbox);
        }

        Assert.True(Window(rows, "dense").GetProperty("metric_value").GetDouble() >= 0.88, rows.ToString());
        var hmd = Window(rows, "hmd-4x");
        Assert.True(hmd.GetProperty("metric_value").GetDouble() >= 0.84, rows.ToString());
        Assert.True(hmd.GetProperty("ratio_to_reference").GetProperty("high").GetDouble() < 1, rows.ToString());
        Assert.Equal(950, hmd.GetProperty("samples").GetInt64());
        Assert.Equal(10, rows.GetArrayLength());
    }

    private static async Task<JsonElement> RunAsync(Sandbox sandbox)
    {
        var run = await sandbox.RunAsync(
            TimeSpan.FromMinutes(30), "campaign", "run", "campaigns/uci-har.yaml", "--data", Repository.Data("uci-har-subset"), "--new", "--json");
        run.Succeeded();
        await sandbox.NothingRunsAsync(Wait.Hanging);
        return run.Json();
    }

    private static JsonElement Window(JsonElement rows, string variant) => rows.EnumerateArray().Single(row =>
        row.GetProperty("variant_name").GetString() == variant && row.GetProperty("mode").GetString() == "window");
}
