using Fleet.Protocol.Api;
using Fleet.Protocol.Results;
using Spectre.Console;
using Spectre.Console.Rendering;
using TableRow = Fleet.Protocol.Api.TableRow;

namespace Fleet.Cli.Views;

/// <summary>The answer of a campaign: one table for each task, device and condition, then what is to be known of its rows.</summary>
internal static class ResultView
{
    private const string BestMark = "*";

    public static IRenderable Render(CampaignTable table, int width)
    {
        var parts = new List<IRenderable>();
        foreach (var group in table.Rows.Where(row => row.Row.IsReadable).GroupBy(ConditionOf).OrderBy(group => group.Key))
        {
            parts.Add(new Text(group.Key.Title, new Style(decoration: Decoration.Bold | Decoration.Underline)));
            parts.Add(Table([.. group], width));
            parts.Add(Text.Empty);
        }

        if (table.Rows.Count == 0)
        {
            return new Text("No results yet.");
        }

        parts.AddRange(Notes(table.Rows).Select(note => new Text(note)));
        return new Rows(parts);
    }

    private static IRenderable Table(IReadOnlyList<TableRow> rows, int width)
    {
        var metric = TaskMetric.Of(rows[0].Row.Metric);
        var timedAlone = rows.Any(row => row.Row.LatencyUs?.P50 is not null);
        var allValid = rows.All(row => row.Row.Validity == "valid");
        var table = new FittedTable(
        [
            new(BestMark, Column.Always),
            new("variant", Column.Always),
            new("ratio", Column.Always, Right: true),
            new("95 %", 80, Right: true),
            new("verdict", Column.Always),
            new(metric.Noun, Column.Always, Right: true),
            new("95 %", 70, Right: true),
            new("perplexity", metric.Perplexity(0) is null ? Column.Never : 65, Right: true),
            new("p50", timedAlone ? 90 : Column.Never, Right: true),
            new("95 %", timedAlone ? 20 : Column.Never, Right: true),
            new("mean", timedAlone ? 10 : 90, Right: true),
            new("size", 60, Right: true),
            new("compr.", 50, Right: true),
            new("validity", allValid ? Column.Never : 85),
        ]);
        foreach (var (row, best, verdict) in rows.OrderBy(Rank).Select(row => (row.Row, row.ParetoBest, row.Verdict)))
        {
            table.Add(
                new Cell(best ? BestMark : "", "green bold"),
                new Cell(NameOf(row, rows), best ? "bold" : null),
                Quantity.Ratio(row.RatioToReference?.Value),
                Quantity.RatioBetween(row.RatioToReference?.Low, row.RatioToReference?.High),
                new Cell(verdict ?? Quantity.None, verdict switch { "faster" => "green", "slower" => "red", "inconclusive" => "yellow", _ => null }),
                Quantity.Metric(metric, row.MetricValue),
                Quantity.MetricBetween(metric, row.MetricLow, row.MetricHigh),
                Quantity.Perplexity(metric, row.MetricValue),
                Quantity.Microseconds(row.LatencyUs?.P50),
                Quantity.MicrosecondsBetween(row.LatencyUs?.P50Low, row.LatencyUs?.P50High),
                Quantity.Microseconds(row.LatencyUs?.Mean),
                Quantity.Bytes(row.ModelBytes),
                Quantity.Factor(row.Compression),
                new Cell(row.Validity, row.Validity switch { "valid" => null, "suspect" => "yellow", _ => "red" }));
        }

        return table.Fit(width);
    }

    // Fastest first; what has no latency comes last, in the order of the names.
    private static (double, string, long, int) Rank(TableRow row) =>
        (row.Row.LatencyUs?.Mean ?? double.PositiveInfinity, row.Row.VariantName, row.Row.Seed, row.Row.Replicate);

    // Seed and replicate are named only where they tell rows apart.
    private static string NameOf(ResultRow row, IReadOnlyList<TableRow> all)
    {
        var seed = all.Any(other => other.Row.Seed != row.Seed) ? $" s{row.Seed}" : "";
        var replicate = all.Any(other => other.Row.Replicate != row.Replicate) ? $" r{row.Replicate}" : "";
        return row.VariantName + seed + replicate;
    }

    private static IEnumerable<string> Notes(IReadOnlyList<TableRow> rows)
    {
        yield return $"{BestMark} Pareto-best: no other is as good and as fast, and better in one of the two.";
        yield return "ratio: latency over the reference's, below 1 is faster. 95 %: its interval.";
        if (rows.All(row => row.Row.Validity == "valid"))
        {
            yield return "Every measurement is valid.";
        }

        if (rows.Any(row => row.Row.Emulated))
        {
            yield return "Emulated boards: what their models answer counts, their latency is not ranked.";
        }

        foreach (var note in ValidityNotes.Of(rows))
        {
            yield return note;
        }
    }

    // Only what is out of the ordinary is said beside mode and board.
    private static Condition ConditionOf(TableRow row) => new(row.Row.Task, row.Row.Board, row.Row.Device, Inverse(row.Row.Mode), row.Row.Phase, row.Row.Clock)
    {
        Title = $"{row.Row.Task}, {row.Row.Mode} mode{Unless("burst", row.Row.Phase)}{Unless("as-is", row.Row.Clock)}: "
            + $"{row.Row.Board} ({row.Row.Arch}, {row.Row.Isa}{(row.Row.Emulated ? ", emulated" : "")})",
    };

    private static string Unless(string usual, string value) => value == usual ? "" : $", {value}";

    // Window mode first: its numbers are the ones that people compare.
    private static string Inverse(string mode) => mode == "window" ? "" : mode;

    private readonly record struct Condition(string Task, string Board, string Device, string Mode, string Phase, string Clock) : IComparable<Condition>
    {
        public required string Title { get; init; }

        public int CompareTo(Condition other) =>
            (Task, Board, Device, Mode, Phase, Clock).CompareTo((other.Task, other.Board, other.Device, other.Mode, other.Phase, other.Clock));
    }
}
