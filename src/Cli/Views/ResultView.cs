using Fleet.Domain.Campaigns;
using Fleet.Domain.Rankings;
using Fleet.Domain.Tasks;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Views;

/// <summary>The answer of a campaign: one table for each task, device and condition, what is to be known of its rows, and what to ship.</summary>
internal static class ResultView
{
    /// <param name="bySeed">Each run by itself, not the mean over seeds and replicates.</param>
    public static IRenderable Render(CampaignTable table, int width, bool bySeed = false)
    {
        if (table.Rows.Count == 0)
        {
            return new Text(table.Summary.EndedAt is null ? "No results yet." : "No results.");
        }

        var parts = new List<IRenderable>();
        foreach (var condition in table.Conditions.OrderBy(Order))
        {
            parts.Add(new Text(Title(condition), new Style(decoration: Decoration.Bold | Decoration.Underline)));
            parts.Add((bySeed ? SeedTable.Of(condition, table) : VariantTable.Of(condition)).Fit(width));
            parts.Add(Text.Empty);
        }

        parts.AddRange((table.Unranked is { } unranked ? Unranked(unranked) : [.. Notes(table, bySeed), "", .. Advice(table)]).Select(line => new Text(line)));
        return new Rows(parts);
    }

    /// <summary>That nothing could be ranked, why, and what to do.</summary>
    private static IEnumerable<string> Unranked(UnrankedCampaign unranked) =>
    [
        unranked.Text,
        .. unranked.Reasons.Select(reason => $"  {Line(reason)}"),
        unranked.WayOut,
    ];

    public static string Line(ReasonCount reason) => $"{reason.Code}, {Quantity.Of(reason.Runs, "run")}: {reason.Text}";

    private static IEnumerable<string> Notes(CampaignTable table, bool bySeed)
    {
        var ranked = table.Conditions.Where(condition => !condition.Emulated).ToArray();
        var standings = ranked.SelectMany(condition => condition.Variants).Select(variant => variant.Standing).ToHashSet();
        if (standings.Contains(StandingWords.Best))
        {
            yield return $"{VariantTable.BestMark} best: all others timed are slower or worse, beyond doubt (95 % intervals).";
        }

        if (standings.Contains(StandingWords.NotToldApart) && !bySeed)
        {
            yield return $"{VariantTable.OpenMark} not told apart: another may be as good in both, or none has a latency.";
        }

        if (table.Conditions.Any(condition => condition.Variants.Any(variant => variant.Ratio is not null)))
        {
            yield return "ratio: latency over the reference's, below 1 is faster. 95 %: its interval.";
        }

        if (!bySeed && table.Conditions.FirstOrDefault(condition => condition.Variants.Any(variant => variant.MetricGain is not null)) is { } judged)
        {
            var metric = TaskMetric.Of(judged.Metric);
            var unit = metric.IsShare ? ", in points" : "";
            yield return $"vs {judged.Reference}: what its {metric.Noun} is better by{unit}; no loss: the 90 % interval is within the margin.";
        }

        if (!bySeed && table.Conditions.Any(condition => condition.Variants.Any(variant => variant.Seeds > 1)))
        {
            yield return $"Means over seeds; each seed: fleet campaign show {table.Summary.Campaign} --by-seed";
        }

        if (table.Rows.All(row => row.Row.Validity == "valid"))
        {
            yield return "Every measurement is valid.";
        }

        if (table.Conditions.Any(condition => condition.Emulated))
        {
            yield return "Emulated boards: what their models answer counts, their latency is not ranked.";
        }

        foreach (var note in ValidityNotes.Of(table.Rows))
        {
            yield return note;
        }
    }

    private static IEnumerable<string> Advice(CampaignTable table) =>
        table.Conditions.OrderBy(Order).Select(condition => $"{condition.Board}, {condition.Mode} mode: {condition.Advice.Text}");

    // Only what is out of the ordinary is said beside mode and board.
    private static string Title(ConditionTable condition) =>
        $"{condition.Task}, {condition.Mode} mode{Unless("burst", condition.Phase)}{Unless("as-is", condition.Clock)}: "
        + $"{condition.Board} ({condition.Arch}, {condition.Isa}{(condition.Emulated ? ", emulated" : "")})";

    private static string Unless(string usual, string value) => value == usual ? "" : $", {value}";

    // Window mode first: its numbers are the ones that people compare.
    private static (string, string, string, string, string, string) Order(ConditionTable condition) =>
        (condition.Task, condition.Board, condition.Device, condition.Mode == "window" ? "" : condition.Mode, condition.Phase, condition.Clock);
}
