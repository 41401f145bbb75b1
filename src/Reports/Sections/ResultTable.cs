using Fleet.Analysis.Comparing;
using Fleet.Analysis.Ranking;
using Fleet.Protocol.Results;
using Fleet.Reports.Pictures;
using Fleet.Reports.Writing;

namespace Fleet.Reports.Sections;

/// <summary>One condition's variants, fastest first, then those that could not be ranked.</summary>
internal static class ResultTable
{
    public static Markup Of(ConditionRanking ranking, IReadOnlyList<ResultRow> unranked, string reference)
    {
        bool percentiles = ranking.Points.Any(point => point.Rows.All(row => row.LatencyUs!.P90 is not null));
        bool perplexity = HasPerplexity(ranking);
        string latency = ranking.LatencyName == "p50" ? "Median latency" : "Mean latency";
        return Markup.Of(
            $"""
            <div class="scroll"><table>
            <thead><tr><th scope="col">Variant</th><th scope="col" class="n">{ranking.Metric.Title}</th>{(perplexity ? Perplexity : Markup.Empty)}<th scope="col" class="n">{latency}</th>{(percentiles ? Percentiles : Markup.Empty)}<th scope="col" class="n">Ratio to {reference}</th><th scope="col">Verdict</th><th scope="col" class="n">Model size</th><th scope="col" class="n">Cold</th></tr></thead>
            <tbody>
            {Markup.Each(ranking.Points, point => Row(ranking, point, percentiles))}{Markup.Each(unranked, row => Unranked(row, 6 + (percentiles ? 2 : 0) + (perplexity ? 1 : 0)))}</tbody>
            </table></div>

            """);
    }

    private static Markup Percentiles { get; } = Markup.Of($"""<th scope="col" class="n">p90</th><th scope="col" class="n">p99</th>""");

    private static Markup Perplexity { get; } = Markup.Of($"""<th scope="col" class="n">Perplexity</th>""");

    private static bool HasPerplexity(ConditionRanking ranking) => ranking.Metric.Perplexity(0) is not null;

    private static Markup Row(ConditionRanking ranking, VariantPoint point, bool percentiles)
    {
        string Metric(double value) => Numbers.Metric(ranking.Metric, value);
        Markup tails = !percentiles ? Markup.Empty : Markup.Of(
            $"""{Cell(Tail(point, latency => latency.P90 is { } p90 ? new(p90, latency.P90Low, latency.P90High) : null), Numbers.Microseconds)}{Cell(Tail(point, latency => latency.P99 is { } p99 ? new(p99, null, null) : null), Numbers.Microseconds)}""");
        Markup ratio = point.Verdict?.Kind == VerdictKind.Reference ? Markup.Of($"""<td class="n">1</td>""") : Cell(point.Ratio, Numbers.Ratio);
        return Markup.Of(
            $"""
            <tr{(point.ParetoBest ? Best : Markup.Empty)}><th scope="row">{MethodStyle.Symbol(point.Method, point.Precision)}{point.Name}{Tags(point)}</th>{Cell(point.Metric, Metric)}{(HasPerplexity(ranking) ? Cell(point.Metric, value => Numbers.Significant(ranking.Metric.Perplexity(value)!.Value, 4)) : Markup.Empty)}{Cell(point.LatencyMicroseconds, Numbers.Microseconds)}{tails}{ratio}<td>{Chip(point.Verdict)}</td><td class="n">{Size(point)}</td>{Cell(Tail(point, latency => latency.Cold is { } cold ? new(cold, null, null) : null), Numbers.Microseconds)}</tr>

            """);
    }

    private static Markup Best { get; } = Markup.Of($""" class="pareto" """);

    private static Markup Tags(VariantPoint point)
    {
        int seeds = point.Rows.Select(row => row.Seed).Distinct().Count();
        Markup best = point.ParetoBest ? Markup.Of($"""<span class="tag best" title="No other variant is at least as good in both and better in one">Pareto-best</span>""") : Markup.Empty;
        Markup suspect = point.Suspect ? Markup.Of($"""<span class="tag suspect">suspect</span>""") : Markup.Empty;
        Markup several = point.Rows.Count > 1 ? Markup.Of($"""<span class="tag">{(seeds > 1 ? Numbers.Count(seeds, "seed", "seeds") : Numbers.Count(point.Rows.Count, "run", "runs"))}</span>""") : Markup.Empty;
        return Markup.Of($"{best}{suspect}{several}");
    }

    private static Markup Unranked(ResultRow row, int span)
    {
        string why = row.Reasons.Count == 0 ? "no reason given" : ReasonText.Of(row.Reasons);
        return Markup.Of(
            $"""
            <tr class="unranked"><th scope="row">{MethodStyle.Symbol(row.Method, row.Precision)}{row.VariantName}<span class="tag invalid">{row.Validity}</span></th><td colspan="{span}">not ranked: {why}</td></tr>

            """);
    }

    private static Markup Cell(Estimate? estimate, Func<double, string> format)
    {
        if (estimate is null)
        {
            return Markup.Of($"""<td class="n none">{Numbers.None}</td>""");
        }

        string interval = Numbers.Interval(estimate, format);
        return interval.Length == 0
            ? Markup.Of($"""<td class="n">{format(estimate.Value)}</td>""")
            : Markup.Of($"""<td class="n">{format(estimate.Value)}<small>{interval}</small></td>""");
    }

    private static Estimate? Tail(VariantPoint point, Func<LatencyMicroseconds, Estimate?> pick)
    {
        Estimate?[] found = [.. point.Rows.Select(row => pick(row.LatencyUs!))];
        return found.Any(estimate => estimate is null) ? null : Estimate.GeometricMean([.. found.OfType<Estimate>()]);
    }

    private static string Size(VariantPoint point) => point.Rows[0].ModelBytes is { } bytes ? Numbers.Bytes(bytes) : Numbers.None;

    private static Markup Chip(Verdict? verdict)
    {
        if (verdict is null)
        {
            return Markup.Of($"""<span class="none">{Numbers.None}</span>""");
        }

        Markup more = verdict.MoreRounds is { } rounds
            ? Markup.Of($"<small>about {Numbers.Count(rounds, "round", "rounds")} more would tell</small>")
            : Markup.Empty;
        return Markup.Of($"""<span class="chip v-{verdict.Text}">{verdict.Text}</span>{more}""");
    }
}
