using Fleet.Protocol.Api;
using Fleet.Protocol.Results;

namespace Fleet.Cli.Views;

/// <summary>What a table comes to, in a sentence for each device and mode.</summary>
internal static class ClosingWords
{
    public static IEnumerable<string> Of(CampaignTable table)
    {
        foreach (var group in table.Rows.GroupBy(row => (row.Row.Task, row.Row.Device, row.Row.Board, row.Row.Mode)).OrderByDescending(group => group.Key.Mode == "window"))
        {
            if (group.FirstOrDefault(row => row.Verdict == "reference") is not { } reference)
            {
                continue;
            }

            var metric = TaskMetric.Of(reference.Row.Metric);
            var faster = group.Where(row => row is { Verdict: "faster", ParetoBest: true, Row.RatioToReference: not null }).MinBy(row => row.Row.RatioToReference!.Value);
            yield return faster is null
                ? $"In {group.Key.Mode} mode nothing is both faster than {reference.Row.VariantName} and Pareto-best on {group.Key.Board}."
                : $"In {group.Key.Mode} mode {faster.Row.VariantName} takes {Quantity.Percent(faster.Row.RatioToReference!.Value)} of the time of {reference.Row.VariantName} on {group.Key.Board}, "
                    + $"with {Quantity.Metric(metric, faster.Row.MetricValue)} {metric.Noun} against {Quantity.Metric(metric, reference.Row.MetricValue)}.";
        }
    }
}
