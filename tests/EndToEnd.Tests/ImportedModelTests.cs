using System.Globalization;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

public sealed class ImportedModelTests
{
    private const string Python = "/usr/bin/python3";

    // Of 300 samples: what one answer more or less is, where both programs round.
    private const double OneSample = 1.0 / 300;

    private static readonly string[] Methods = ["hmd", "lmf", "pruned", "block-sparse", "kronecker", "doped-kronecker"];

    [Fact]
    public async Task A_model_of_PyTorch_is_compressed_by_every_method_and_the_report_says_what_was_lost_and_gained()
    {
        Need.File("/usr/lib/python3/dist-packages/torch/__init__.py", "python3-torch");
        await using var sandbox = new Sandbox();
        var made = sandbox.StartProgram([Python, Path.Combine(AppContext.BaseDirectory, "PyTorch", "train_and_export.py"), sandbox.Folder]);
        await made.WaitAsync(TimeSpan.FromMinutes(3));
        made.Succeeded();
        var told = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(sandbox.Folder, "told.json"))).RootElement;
        var file = sandbox.File("mine.yaml", Campaign(told));

        var rows = await RunAsync(sandbox, file);
        // On a machine that others keep busy, a session may bring no ratio. It is measured again then, on the same models.
        for (var again = 0; again < 4 && !HasRatio(rows["hmd-2x-from-dense"]); again++)
        {
            rows = await RunAsync(sandbox, file);
        }

        var dense = rows["dense"];
        // What PyTorch said of the test part, it is on the board: fed as it was trained, and not a weight changed.
        Assert.Equal(told.GetProperty("accuracy").GetDouble(), Metric(dense), OneSample * 1.01);
        Assert.Equal(12, dense.GetProperty("method_parameters").GetProperty("import").GetString()!.Length);
        Assert.Equal(1, dense.GetProperty("compression").GetDouble());

        string[] variants = ["dense-tuned", .. Methods.Select(method => $"{method}-2x-from-dense"), "small-2x-distilled"];
        Assert.Equal(variants.Append("dense").Order(), rows.Keys.Order());
        Assert.All(variants, name =>
        {
            Assert.True(Metric(rows[name]) > 0.85, $"{name}: {Metric(rows[name])}");
            Assert.True(name == "dense-tuned" || rows[name].GetProperty("compression").GetDouble() >= 2, rows[name].ToString());
        });
        Assert.True(HasRatio(rows["hmd-2x-from-dense"]), rows["hmd-2x-from-dense"].ToString());
        var report = await File.ReadAllTextAsync(Path.Combine(sandbox.Output, "report.html"));
        Assert.All(variants, name => Assert.Contains(name, report, StringComparison.Ordinal));
        Assert.Contains("dense was trained elsewhere and measured as it is", report, StringComparison.Ordinal);
        Assert.Contains("Ratio to dense", report, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyDictionary<string, JsonElement>> RunAsync(Sandbox sandbox, string file)
    {
        var run = await sandbox.RunAsync(TimeSpan.FromMinutes(6), "campaign", "run", file, "--new", "--out", sandbox.Output);
        run.Succeeded();
        await sandbox.NothingRunsAsync(Wait.Hanging);
        var text = await File.ReadAllTextAsync(Path.Combine(sandbox.Output, "results.json"));
        return JsonDocument.Parse(text).RootElement.EnumerateArray().ToDictionary(row => row.GetProperty("variant_name").GetString()!);
    }

    private static bool HasRatio(JsonElement row) => row.GetProperty("ratio_to_reference").ValueKind != JsonValueKind.Null;

    private static double Metric(JsonElement row) => row.GetProperty("metric_value").GetDouble();

    private static string Campaign(JsonElement told) => $$"""
        name: mine
        task: ./task.yaml
        model:
          import: model.onnx
          normalise: { mean: [{{List(told, "mean")}}], deviation: [{{List(told, "deviation")}}] }
        training: { epochs: 12, learning_rate: 0.01 }
        variants:
          - method: dense
          - { method: dense, from: dense, fine_tune: { epochs: 2, learning_rate: 0.001 } }
        {{string.Concat(Methods.Select(Variant))}}
          - { method: small, compression: 2, distil: { weight: 0.5 } }
        conditions: { modes: window }
        measuring: { min_rounds: 2, max_rounds: 4, block: 10ms, time_limit: 5s }
        """;

    private static string Variant(string method) =>
        $"  - {{ method: {method}, compression: 2, from: dense, fine_tune: {{ epochs: 6, learning_rate: 0.004 }} }}\n";

    private static string List(JsonElement told, string name) =>
        string.Join(", ", told.GetProperty(name).EnumerateArray().Select(value => value.GetDouble().ToString("R", CultureInfo.InvariantCulture)));
}
