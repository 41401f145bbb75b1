using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

public sealed class Int8CampaignTests
{
    private const string Campaign = """
        name: tiny-int8
        task: synthetic-har
        model: { cell: lstm, hidden: 32 }
        training: { epochs: 4, batch_size: 64, learning_rate: 0.005 }
        variants:
          - { method: dense, precision: [fp32, int8] }
          - { method: hmd, compression: 2, precision: [fp32, int8] }
          - { method: hmd, compression: 2, precision: int8, quantisation: aware, from: fp32, fine_tune: { epochs: 1, learning_rate: 0.001 } }
        conditions: { modes: [window] }
        measuring: { min_rounds: 2, max_rounds: 4, block: 10ms, time_limit: 5s }
        """;

    [Fact]
    public async Task Variants_in_int8_are_made_of_those_in_fp32_measured_and_told_apart()
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.Output);
        var file = Path.Combine(sandbox.Output, "tiny-int8.yaml");
        await File.WriteAllTextAsync(file, Campaign);

        var run = await sandbox.RunAsync(TimeSpan.FromMinutes(6), "campaign", "run", file, "--out", sandbox.Output);

        run.Succeeded();
        Assert.Empty(sandbox.Running());
        var rows = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(sandbox.Output, "results.json"))).RootElement
            .EnumerateArray().ToDictionary(row => row.GetProperty("variant_name").GetString()!);
        Assert.Equal(["dense", "dense-int8", "hmd-2x", "hmd-2x-from-fp32-int8-aware", "hmd-2x-int8"], rows.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, row) in rows)
        {
            var int8 = name.Contains("int8", StringComparison.Ordinal);
            Assert.Equal(int8 ? "int8" : "fp32", row.GetProperty("precision").GetString());
            var like = rows[name[..(name.StartsWith("dense", StringComparison.Ordinal) ? "dense".Length : "hmd-2x".Length)]];
            // Measured on the device, by the kernels of its precision.
            Assert.InRange(row.GetProperty("metric_value").GetDouble(), like.GetProperty("metric_value").GetDouble() - 0.05, 1);
            Assert.Equal(like.GetProperty("parameters").GetInt64(), row.GetProperty("parameters").GetInt64());
            if (int8)
            {
                Assert.InRange(row.GetProperty("model_bytes").GetInt64(), 1, like.GetProperty("model_bytes").GetInt64() - 1);
                Assert.Equal(
                    name.EndsWith("aware", StringComparison.Ordinal) ? "aware" : "after",
                    row.GetProperty("method_parameters").GetProperty("quantisation").GetString());
            }
        }

        Assert.Contains("hmd-2x-int8", run.Output, StringComparison.Ordinal);
        Assert.Contains("class=\"ring\"", await File.ReadAllTextAsync(Path.Combine(sandbox.Output, "report.html")), StringComparison.Ordinal);
    }
}
