using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

public sealed class LanguageModelTests
{
    /// <summary>What the word before alone tells of the next one in the test text: its bigrams' own conditional entropy is 2.428.</summary>
    private const double WithoutMemory = 2.428;

    /// <summary>What the test text costs under the grammar that wrote it (the pack's notes say 2.0846): no model beats it but by chance.</summary>
    private const double OfTheGrammar = 2.08;

    private const string Campaign = """
        name: tiny-lm
        task: synthetic-lm
        model: { cell: lstm, hidden: 32 }
        training: { epochs: 2, batch_size: 32, learning_rate: 0.01, bptt: 20 }
        variants:
          - method: dense
          - { method: hmd, compression: 2 }
        measuring: { min_rounds: 2, max_rounds: 4, block: 10ms, time_limit: 5s }
        """;

    [Fact]
    public async Task Language_models_are_trained_measured_and_reported_in_nats()
    {
        await using var sandbox = new Sandbox();
        var file = Path.Combine(sandbox.Output, "tiny-lm.yaml");
        Directory.CreateDirectory(sandbox.Output);
        await File.WriteAllTextAsync(file, Campaign);

        var run = await sandbox.RunAsync(TimeSpan.FromMinutes(6), "campaign", "run", file, "--out", sandbox.Output);

        run.Succeeded();
        Assert.Empty(sandbox.Running());
        var rows = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(sandbox.Output, "results.json"))).RootElement;
        Assert.Equal(4, rows.GetArrayLength());
        Assert.All(rows.EnumerateArray(), row =>
        {
            Assert.Equal("nats", row.GetProperty("metric").GetString());
            Assert.Equal(23_999, row.GetProperty("samples").GetInt64());
            Assert.InRange(row.GetProperty("metric_value").GetDouble(), row.GetProperty("metric_low").GetDouble(), row.GetProperty("metric_high").GetDouble());
            Assert.InRange(row.GetProperty("metric_value").GetDouble(), OfTheGrammar, WithoutMemory);
        });
        Assert.Contains("nats a token", run.Output, StringComparison.Ordinal);
        var report = await File.ReadAllTextAsync(Path.Combine(sandbox.Output, "report.html"));
        Assert.Contains("Perplexity", report, StringComparison.Ordinal);
        Assert.Contains("(lower is better)", report, StringComparison.Ordinal);
    }
}
