using Fleet.Domain.Campaigns;
using Fleet.Domain.Rankings;
using Fleet.Domain.Tasks;
using Fleet.Reports.Model;

namespace Fleet.Reports.Terminal;

/// <summary>The answer of a campaign: one table for each task, device and condition, what is to be known of its rows, and what to ship.</summary>
public static class ResultView
{
    /// <param name="table">The campaign.</param>
    /// <param name="width">Columns of the window.</param>
    /// <param name="bySeed">Each run by itself, not the mean over seeds and replicates.</param>
    public static IReadOnlyList<TextBlock> Render(CampaignTable table, int width, bool bySeed = false)
    {
        if (table.Rows.Count == 0)
        {
            return [new TextLine(table.Summary.EndedAt is null ? "No results yet." : "No results.")];
        }

        var conditions = ConditionText.InReadingOrder(table.Conditions);
        IEnumerable<string> last = table.Unranked is { } unranked
            ? [unranked.Text, .. unranked.Reasons.Select(reason => $"  {ReasonLine.Of(reason)}"), unranked.WayOut]
            : [.. Notes(table, bySeed), "", .. conditions.Select(ConditionText.Advice)];
        return
        [
            .. conditions.SelectMany(condition => (TextBlock[])
            [
                new TextLine(ConditionText.Title(condition), Tone.Title),
                (bySeed ? SeedTable.Of(condition, table) : VariantTable.Of(condition)).Fit(width),
                TextBlock.Empty,
            ]),
            .. last.Select(line => new TextLine(line)),
        ];
    }

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

        foreach (var note in ValidityNotes.Of(table))
        {
            yield return note;
        }
    }
}
