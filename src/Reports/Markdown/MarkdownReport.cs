using System.Globalization;
using System.Text;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Measuring;
using Fleet.Domain.Rankings;
using Fleet.Domain.Results;
using Fleet.Domain.Tasks;
using Fleet.Domain.Text;
using Fleet.Reports.Model;
using Fleet.Reports.Quantities;

namespace Fleet.Reports.Markdown;

/// <summary>Campaigns as Markdown, to be pasted: of each its results over the seeds, then the published claims.</summary>
public static class MarkdownReport
{
    /// <param name="tables">The campaign, or one for each benchmark of a suite.</param>
    public static string Of(IReadOnlyList<CampaignTable> tables)
    {
        var text = new StringBuilder();
        foreach (var table in tables)
        {
            var summary = table.Summary;
            text.Append(CultureInfo.InvariantCulture, $"### {summary.Benchmark}\n\n");
            if (summary.State != CampaignStatus.Completed || summary.RunsFailed + summary.VariantsFailed > 0)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"The campaign is {summary.State.Word()}: {summary.RunsClosed} of {summary.Runs} runs are done, {summary.RunsFailed} failed.\n\n");
            }

            if (table.Unranked is { } unranked)
            {
                var reasons = string.Concat(unranked.Reasons.Select(reason => $"- {ReasonLine.Of(reason)}\n"));
                text.Append(CultureInfo.InvariantCulture, $"{unranked.Text}\n\n{reasons}\n{unranked.WayOut}\n\n");
            }

            foreach (var device in Measured(table).GroupBy(row => (row.Task, row.Device, row.Board, row.Isa, row.Emulated)))
            {
                var (task, id, _, _, emulated) = device.Key;
                var conditions = table.Conditions.Where(condition => (condition.Task, condition.Device, condition.Emulated) == (task, id, emulated));
                Append(text, [.. device], [.. conditions], table.Unranked is null);
            }

            if (table.Winner() is { } winner)
            {
                text.Append(CultureInfo.InvariantCulture, $"The model of {winner} as a file: `fleet job export {winner} --out FILE`\n\n");
            }
        }

        AppendClaims(text, tables);
        return Escaped(text.ToString());
    }

    private static string Way(string mode, string setting) => setting.Length == 0 ? mode : $"{mode}, {setting}";

    private static IEnumerable<ResultRow> Measured(CampaignTable table) =>
        table.Rows.Select(row => row.Row).Where(row => row is { Validity: not Validity.Failed, MetricValue: not null });

    private static void Append(StringBuilder text, IReadOnlyList<ResultRow> rows, IReadOnlyList<ConditionTable> conditions, bool advice)
    {
        var first = rows[0];
        var metric = TaskMetric.Of(first.Metric);
        var modes = first.Emulated ? [] : rows.Select(row => Way(row.Mode, row.Setting)).Distinct().OrderDescending().ToArray();
        var seeds = rows.Select(row => row.Seed).Distinct().Count();
        var judged = conditions.SelectMany(condition => condition.Variants).Where(variant => variant.MetricGain is not null).ToLookup(variant => variant.Name);
        text.Append(
            CultureInfo.InvariantCulture,
            $"{first.Task}, {first.Cell}, on {first.Board} ({first.Arch},"
                + $" {first.Isa}{(first.Emulated ? "; emulated, so its run time is not ranked" : "")}), {Quantity.Of(seeds, "seed")}: mean (min to max).\n\n");
        AppendRow(
            text, ["variant", metric.Noun, $"against {conditions[0].Reference}", .. modes.Select(mode => $"{mode}, of the reference"), "cell factor", "file"]);
        AppendRow(text, Enumerable.Repeat("---", modes.Length + 5));
        foreach (var variant in rows.GroupBy(row => row.VariantName))
        {
            var values = variant.Select(row => row.MetricValue!.Value).ToArray();
            AppendRow(text,
            [
                variant.Key + (variant.Select(row => row.Seed).Distinct().Count() is var own && own < seeds ? $" ({Quantity.Of(own, "seed")})" : ""),
                Quantity.Metric(metric, values.Average()) + Range(values, (low, high) => Quantity.MetricBetween(metric, low, high)),
                judged[variant.Key].FirstOrDefault() is { } one ? Quantity.Gain(metric, one) : Quantity.None,
                .. modes.Select(
                    mode => Ratios([.. variant.Where(row => Way(row.Mode, row.Setting) == mode).Select(row => row.RatioToReference?.Value).OfType<double>()])),
                Quantity.Factor(variant.First().Compression),
                Quantity.Bytes(variant.First().ModelBytes),
            ]);
        }

        text.Append('\n');
        if (advice)
        {
            text.AppendJoin("", conditions.Select(condition => $"- {Way(condition.Mode, condition.Setting)}: {condition.Advice.Text}\n")).Append('\n');
        }
    }

    private static void AppendClaims(StringBuilder text, IReadOnlyList<CampaignTable> tables)
    {
        if (!tables.Any(table => table.ClaimsAsked))
        {
            return;
        }

        var several = ClaimText.Devices(tables) > 1;
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
                ClaimText.Value(claim, claim.Value),
                claim.Low is null ? Quantity.None : string.Create(CultureInfo.InvariantCulture, $"{ClaimText.Interval(claim)} ({claim.Confidence * 100:0} %)"),
                claim.Seeds.ToString(CultureInfo.InvariantCulture),
                claim.Verdict,
            ]);
        }

        text.Append('\n');
        foreach (var line in ClaimText.Counts(tables))
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

    // Boards name themselves: nothing of it becomes HTML where the text is pasted.
    private static string Escaped(string text) => PlainText.CleanLines(text).Replace("<", "&lt;", StringComparison.Ordinal);

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
