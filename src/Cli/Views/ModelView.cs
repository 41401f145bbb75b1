using System.Globalization;
using Fleet.Cli.Models;
using Fleet.Cli.Terminals;
using Fleet.Measurement.Turns;
using Fleet.Reports.Quantities;
using Fleet.Reports.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Views;

/// <summary>A model, and how fast it is, for people.</summary>
internal static class ModelView
{
    public static IRenderable Summary(ModelSummary model, int width)
    {
        var table = new TextTable(
        [
            new("layer", Column.Always),
            new("matrix", 70),
            new("shape", 60, Right: true),
            new("method", Column.Always),
            new("parameters", Column.Always, Right: true),
            new("bytes", 80, Right: true),
            new("MACs a step", 90, Right: true),
        ]);
        if (model.Embedding is { } embedding)
        {
            table.Add("embedding", "", $"{embedding.Vocabulary} x {embedding.Width}", "dense", Number(embedding.Parameters), Number(embedding.Bytes), "0");
        }

        foreach (var (index, layer) in model.Layers.Index())
        {
            table.Add($"{index} {Cell(layer)}", "", $"{layer.Input} -> {layer.Hidden}", "", Number(layer.Parameters), Number(layer.Bytes), Number(layer.Macs));
            foreach (var matrix in layer.Matrices)
            {
                table.Add(
                    "",
                    $"{matrix.Direction} {matrix.Name}",
                    $"{matrix.Rows} x {matrix.Columns}",
                    Method(matrix),
                    Number(matrix.Parameters),
                    Number(matrix.Bytes),
                    Number(matrix.Macs));
            }
        }

        if (model.Head.Outputs > 0)
        {
            table.Add(
                $"head ({Head(model.Head)})",
                "",
                $"{model.Layers[^1].Hidden * (model.Layers[^1].Direction == "bidirectional" ? 2 : 1)} -> {model.Head.Outputs}",
                "dense",
                Number(model.Head.Parameters),
                Number(model.Head.Bytes),
                Number(model.Head.Macs));
        }

        table.Add("all", "", "", "", Number(model.Parameters), Number(model.Bytes), Number(model.MacsPerStep));
        var words = $"{model.File}: {model.Source}, {Quantity.Bytes(model.FileBytes)}, {model.Precision}; reads"
            + $" {(model.Embedding is null ? $"{model.Input} features{(model.Normalised ? ", normalised," : "")}" : "one token")} a step;"
            + $" compression {Quantity.Factor(model.Compression)}.";
        return new Rows([table.Draw(width), Text.Empty, new Text(words), .. model.LeftOut.Select(what => new Text($"Left out: {what}."))]);
    }

    public static IRenderable Bench(ModelBenchResult result, int width)
    {
        var peer = result.MaxAbsDifference is null ? Column.Never : Column.Always;
        var table = new TextTable(
        [
            new("mode", Column.Always),
            new("Fleet", Column.Always, Right: true),
            new("ONNX Runtime", peer, Right: true),
            new("times faster", peer, Right: true),
        ]);
        Add("window", result.Window);
        Add("streaming", result.Streaming);
        return result.MaxAbsDifference is not { } difference
            ? table.Draw(width)
            : new Rows(table.Draw(width), Text.Empty, new Text(string.Create(CultureInfo.InvariantCulture, $"Outputs differ by at most {difference:0.0e+0}.")));

        void Add(string mode, ModeBenchResult? one)
        {
            if (one is not null)
            {
                table.Add(mode, Quantity.Microseconds(one.OursUs), Quantity.Microseconds(one.OnnxruntimeUs), Quantity.Ratio(one.Ratio));
            }
        }
    }

    private static string Cell(LayerSummary layer) => string.Join(", ", new[]
    {
        layer.Cell,
        layer.ResetBefore ? "reset before" : "",
        layer.Relu ? "relu" : "",
        layer.Peepholes ? "peepholes" : "",
        layer.Direction == "forward" ? "" : layer.Direction,
    }.Where(part => part.Length > 0));

    private static string Head(HeadSummary head) => head.Softmax ? $"{head.Kind}, softmax" : head.Kind;

    private static string Method(MatrixSummary matrix) =>
        matrix.Arguments.Count == 0
            ? matrix.Method
            : $"{matrix.Method} "
                + $"{string.Join(' ', matrix.Arguments.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture).Replace(',', ' ');
}
