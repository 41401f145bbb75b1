using Fleet.Analysis.Comparing;
using Fleet.Analysis.Ranking;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Domain.Text;
using Fleet.Reports.Html.Pictures;
using Fleet.Reports.Html.Writing;
using Fleet.Statistics;

namespace Fleet.Reports.Html.Sections;

/// <summary>One condition's variants, fastest first, then those without a valid latency.</summary>
internal static class ResultTable
{
    public static Markup Of(ConditionRanking ranking)
    {
        Columns columns = new(
            Ranked: !ranking.Condition.Emulated,
            Percentiles: ranking.Timed.Any(point => point.Timed.All(row => row.LatencyUs!.P90 is not null)),
            Perplexity: ranking.Metric.Perplexity(0) is not null);
        string latency = ranking.LatencyName == "p50" ? "Median latency" : "Mean latency";
        return Markup.Of(
            $"""
            <div class="scroll"><table>
            <thead><tr><th scope="col">Variant</th><th scope="col" class="n">{ranking.Metric.Title}</th>{Head(columns.Perplexity, "Perplexity")}
            <th scope="col" class="n">Against {ranking.Reference}{(ranking.Metric.IsShare ? ", points" : "")}</th><th scope="col" class="n">{latency}</th>
            {Head(columns.Percentiles, "p90")}{Head(columns.Percentiles, "p99")}{Head(columns.Ranked, $"Ratio to {ranking.Reference}")}
            {Head(columns.Ranked, "Speed")}<th scope="col" class="n">Model size</th><th scope="col" class="n">Cold</th></tr></thead>
            <tbody>
            {Markup.Each(ranking.Points, point => Row(ranking, point, columns))}</tbody>
            </table></div>

            """);
    }

    private static Markup Head(bool shown, string title) => shown ? Markup.Of($"""<th scope="col" class="n">{title}</th>""") : Markup.Empty;

    private static Markup Row(ConditionRanking ranking, VariantPoint point, Columns columns)
    {
        string Metric(double value) => Numbers.Metric(ranking.Metric, value);
        Markup name = Markup.Of($"""<th scope="row">{MethodStyle.Symbol(point.Method, point.Precision)}{point.Name}{Tags(point)}</th>""");
        var perplexity = columns.Perplexity
            ? Cell(point.Metric, value => Numbers.Significant(ranking.Metric.Perplexity(value)!.Value, 4))
            : Markup.Empty;
        Markup metric = Markup.Of($"""{Cell(point.Metric, Metric)}{perplexity}{Against(ranking, point)}""");
        Markup size = Markup.Of($"""<td class="n">{Size(point)}</td>""");
        if (point.LatencyMicroseconds is null)
        {
            string why = ReasonText.Of(point.Rows.SelectMany(row => row.Reasons).DistinctBy(reason => (reason.Code, reason.Detail)));
            return Markup.Of(
                $"""
                <tr class="unranked">{name}{metric}<td colspan="{1 + (columns.Percentiles ? 2 : 0) + (columns.Ranked ? 2 : 0)}">no valid latency: {
                    (why.Length == 0 ? "no reason given" : why)}</td>{size}<td class="n none">{Numbers.None}</td></tr>

                """);
        }

        Markup tails = !columns.Percentiles ? Markup.Empty : Markup.Of(
            $"""
            {Cell(Tail(point, latency => latency.P90 is { } p90 ? new(p90, latency.P90Low, latency.P90High) : null), Numbers.Microseconds)}
            {Cell(Tail(point, latency => latency.P99 is { } p99 ? new(p99, null, null) : null), Numbers.Microseconds)}
            """);
        Markup ratio = !columns.Ranked ? Markup.Empty : Markup.Of(
            $"""
            {(point.Verdict?.Kind == VerdictKind.Reference ? Markup.Of($"""<td class="n">1</td>""") : Cell(point.Ratio, Numbers.Ratio))}
            <td class="n">{Chip(point.Verdict)}</td>
            """);
        return Markup.Of(
            $"""
            <tr{(point.ParetoBest ? Best : Markup.Empty)}>{name}{metric}{Cell(point.LatencyMicroseconds, Numbers.Microseconds)}{tails}{ratio}{size}{
                Cell(Tail(point, latency => latency.Cold is { } cold ? new(cold, null, null) : null), Numbers.Microseconds)}</tr>

            """);
    }

    private static Markup Best { get; } = Markup.Of($""" class="pareto" """);

    private static Markup Tags(VariantPoint point)
    {
        Markup standing = point.Standing switch
        {
            Standing.Best => Markup.Of($"""<span class="tag best">best</span>"""),
            Standing.NotToldApart => Markup.Of($"""<span class="tag">not told apart</span>"""),
            _ => Markup.Empty,
        };
        var shown = point.Validity == Validity.Suspect ? Validity.Suspect : Validity.Invalid;
        Markup validity = point.Validity == Validity.Valid
            ? Markup.Empty
            : Markup.Of($"""<span class="tag {shown.Word()}">{Ended(point)}</span>""");
        var of = point.Seeds > 1 ? Numbers.Count(point.Seeds, "seed", "seeds") : Numbers.Count(point.Rows.Count, "run", "runs");
        Markup several = point.Rows.Count > 1 ? Markup.Of($"""<span class="tag">{of}</span>""") : Markup.Empty;
        return Markup.Of($"{standing}{validity}{several}");
    }

    /// <summary>"invalid", and of several runs "1 of 5 invalid".</summary>
    private static string Ended(VariantPoint point) => point.Rows.Count == 1
        ? point.Validity.Word()
        : $"{Numbers.Count(point.Rows.Count(row => row.Validity == point.Validity))} of {Numbers.Count(point.Rows.Count)} {point.Validity.Word()}";

    private static Markup Against(ConditionRanking ranking, VariantPoint point) => point.MetricVerdict switch
    {
        null => Cell(null, Numbers.Ratio),
        { Gain: { } gain } verdict => Markup.Of(
            $"""
            <td class="n">{ranking.Metric.WriteSigned(gain.Value)} {Chip(verdict)}<small>{Numbers.Interval(gain, ranking.Metric.WriteSigned)}</small></td>
            """),
        { } verdict => Markup.Of($"""<td class="n">{Chip(verdict)}</td>"""),
    };

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

    private static Estimate? Tail(VariantPoint point, Func<Latency, Estimate?> pick)
    {
        Estimate?[] found = [.. point.Timed.Select(row => pick(row.LatencyUs!))];
        return found.Any(estimate => estimate is null) ? null : Estimate.GeometricMean([.. found.OfType<Estimate>()]);
    }

    private static string Size(VariantPoint point) =>
        point.Rows.FirstOrDefault(row => row.ModelBytes is not null)?.ModelBytes is { } bytes ? Numbers.Bytes(bytes) : Numbers.None;

    private static Markup Chip(MetricVerdict verdict) => Markup.Of($"""<span class="chip v-{verdict.Text.Replace(' ', '-')}">{verdict.Text}</span>""");

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

    /// <summary>Which of the columns that not every condition has.</summary>
    private sealed record Columns(bool Ranked, bool Percentiles, bool Perplexity);
}
