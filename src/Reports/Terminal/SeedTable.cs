using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;
using Fleet.Domain.Rankings;
using Fleet.Domain.Results;
using Fleet.Domain.Tasks;
using Fleet.Domain.Text;
using Fleet.Reports.Quantities;

namespace Fleet.Reports.Terminal;

/// <summary>The runs of one condition, each seed and replicate by itself.</summary>
internal static class SeedTable
{
    public static TextTable Of(ConditionTable condition, CampaignTable table) => Of([.. table.Rows.Where(row => IsOf(condition, row.Row))]);

    private static TextTable Of(IReadOnlyList<TableRow> rows)
    {
        var compared = rows.Any(row => row.Row.RatioToReference is not null);
        var metric = TaskMetric.Of(rows[0].Row.Metric);
        var timedAlone = rows.Any(row => row.Row.LatencyUs?.P50 is not null);
        var table = new TextTable(
        [
            new("variant", Column.Always),
            new("seed", Column.Always, Right: true),
            new("repl.", rows.Any(row => row.Row.Replicate != rows[0].Row.Replicate) ? Column.Always : Column.Never, Right: true),
            new("ratio", compared ? Column.Always : Column.Never, Right: true),
            new("95 %", compared ? 80 : Column.Never, Right: true),
            new("speed", compared ? Column.Always : Column.Never),
            new(metric.Noun, Column.Always, Right: true),
            new("95 %", 70, Right: true),
            new("perplexity", metric.Perplexity(0) is null ? Column.Never : 65, Right: true),
            new("p50", timedAlone ? 90 : Column.Never, Right: true),
            new("95 %", timedAlone ? 20 : Column.Never, Right: true),
            new("mean", timedAlone ? 10 : 90, Right: true),
            new("size", 60, Right: true),
            new("validity", rows.All(row => row.Row.Validity == Validity.Valid) ? Column.Never : 85),
        ]);
        foreach (var (row, verdict) in rows.OrderBy(Rank).Select(row => (row.Row, row.Verdict)))
        {
            var latency = row.Validity is Validity.Valid or Validity.Suspect ? row.LatencyUs : null;
            table.Add(
                row.VariantName,
                Quantity.Plain(row.Seed),
                Quantity.Plain(row.Replicate),
                Quantity.Ratio(row.RatioToReference?.Value),
                Quantity.RatioBetween(row.RatioToReference?.Low, row.RatioToReference?.High),
                VariantTable.SpeedCell(verdict),
                Quantity.Metric(metric, row.MetricValue),
                Quantity.MetricBetween(metric, row.MetricLow, row.MetricHigh),
                Quantity.Perplexity(metric, row.MetricValue),
                Quantity.Microseconds(latency?.P50),
                Quantity.MicrosecondsBetween(latency?.P50Low, latency?.P50High),
                Quantity.Microseconds(latency?.Mean),
                Quantity.Bytes(row.ModelBytes),
                new Cell(row.Validity.Word(), row.Validity switch { Validity.Valid => Tone.Plain, Validity.Suspect => Tone.Warning, _ => Tone.Bad }));
        }

        return table;
    }

    private static bool IsOf(ConditionTable condition, ResultRow row) =>
        (row.Task, row.Device, row.Board, row.Emulated) == (condition.Task, condition.Device, condition.Board, condition.Emulated)
        && (row.Runtime, row.Engine, row.Mode) == (condition.Runtime, condition.Engine, condition.Mode)
        && (row.Phase, row.Clock, row.Setting, row.Metric) == (condition.Phase, condition.Clock, condition.Setting, condition.Metric);

    // A variant's seeds together, in their order.
    private static (string, long, int) Rank(TableRow row) => (row.Row.VariantName, row.Row.Seed, row.Row.Replicate);
}
