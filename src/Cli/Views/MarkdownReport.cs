using System.Globalization;
using System.Text;
using Fleet.Protocol.Api;
using Fleet.Protocol.Results;

namespace Fleet.Cli.Views;

/// <summary>Campaigns as Markdown, to be pasted: of each its results over the seeds, then the published claims.</summary>
internal static class MarkdownReport
{
    /// <param name="tables">The campaign, or one for each benchmark of a suite.</param>
    public static string Of(IReadOnlyList<CampaignTable> tables)
    {
        var text = new StringBuilder();
        foreach (var table in tables)
        {
            var summary = table.Summary;
            text.Append(CultureInfo.InvariantCulture, $"### {summary.Benchmark}\n\n");
            if (summary.State != "completed" || summary.RunsFailed + summary.VariantsFailed > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"The campaign is {summary.State}: {summary.RunsClosed} of {summary.Runs} runs are done, {summary.RunsFailed} failed.\n\n");
            }

            foreach (var device in Counted(table).GroupBy(row => (row.Task, row.Device, row.Board, row.Isa, row.Emulated)))
            {
                Append(text, [.. device]);
            }
        }

        AppendClaims(text, tables);
        return text.ToString();
    }

    private static IEnumerable<ResultRow> Counted(CampaignTable table) =>
        table.Rows.Select(row => row.Row).Where(row => row is { Validity: "valid" or "suspect", MetricValue: not null });

    private static void Append(StringBuilder text, IReadOnlyList<ResultRow> rows)
    {
        var first = rows[0];
        var metric = TaskMetric.Of(first.Metric);
        var modes = rows.Select(row => row.Mode).Distinct().OrderDescending().ToArray();
        var seeds = rows.Select(row => row.Seed).Distinct().Count();
        text.Append(CultureInfo.InvariantCulture, $"{first.Task}, {first.Cell}, on {first.Board} ({first.Arch}, {first.Isa}{(first.Emulated ? "; emulated, so its run time is not ranked" : "")}), {Quantity.Of(seeds, "seed")}: mean (least to greatest).\n\n");
        AppendRow(text, ["variant", metric.Noun, .. modes.Select(mode => $"{mode}, of the reference"), "cell factor", "file"]);
        AppendRow(text, Enumerable.Repeat("---", modes.Length + 4));
        foreach (var variant in rows.GroupBy(row => row.VariantName))
        {
            var values = variant.Select(row => row.MetricValue!.Value).ToArray();
            AppendRow(text,
            [
                variant.Key + (variant.Select(row => row.Seed).Distinct().Count() is var own && own < seeds ? $" ({Quantity.Of(own, "seed")})" : ""),
                Quantity.Metric(metric, values.Average()) + Range(values, (low, high) => Quantity.MetricBetween(metric, low, high)),
                .. modes.Select(mode => Ratios([.. variant.Where(row => row.Mode == mode).Select(row => row.RatioToReference?.Value).OfType<double>()])),
                Quantity.Factor(variant.First().Compression),
                Quantity.Bytes(variant.First().ModelBytes),
            ]);
        }

        text.Append('\n');
    }

    private static void AppendClaims(StringBuilder text, IReadOnlyList<CampaignTable> tables)
    {
        if (tables.All(table => table.Claims.Count == 0))
        {
            return;
        }

        var several = ClaimView.Devices(tables) > 1;
        text.Append("### Published claims\n\n");
        AppendRow(text, ["benchmark", "claim", "mode", "ratio, or gain", "interval", "seeds", "verdict"]);
        AppendRow(text, Enumerable.Repeat("---", 7));
        foreach (var (table, claim) in tables.SelectMany(table => table.Claims.Select(claim => (table, claim))))
        {
            AppendRow(text,
            [
                table.Summary.Benchmark,
                claim.Sentence,
                claim.How is not { } how ? Quantity.None : several ? $"{how}, {claim.Device}" : how,
                ClaimView.Value(claim, claim.Value),
                claim.Low is null ? Quantity.None : string.Create(CultureInfo.InvariantCulture, $"{ClaimView.Interval(claim)} ({claim.Confidence * 100:0} %)"),
                claim.Seeds.ToString(CultureInfo.InvariantCulture),
                claim.Verdict,
            ]);
        }

        text.Append('\n');
        foreach (var line in ClaimView.Counts(tables))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
        }
    }

    // Of ratios the geometric mean: half and twice as long are as far from even.
    private static string Ratios(double[] ratios) => ratios.Length == 0
        ? Quantity.None
        : Quantity.Ratio(Math.Exp(ratios.Average(Math.Log))) + Range(ratios, (low, high) => Quantity.RatioBetween(low, high));

    private static string Range(double[] values, Func<double, double, string> between) =>
        values.Min() < values.Max() ? $" ({between(values.Min(), values.Max())})" : "";

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
