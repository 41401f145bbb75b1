using Fleet.Analysis.Advising;
using Fleet.Analysis.Ranking;
using Fleet.Reports.Html.Pictures;
using Fleet.Reports.Html.Writing;
using Fleet.Reports.Model;

namespace Fleet.Reports.Html.Sections;

/// <summary>What was found on one device: a picture and a table a condition.</summary>
internal static class ConditionSection
{
    /// <param name="model">The report.</param>
    /// <param name="rankings">The device's conditions.</param>
    /// <param name="lead">The condition whose answer stands at the head of the report, and need not be said twice.</param>
    /// <param name="pictures">Draw them.</param>
    public static Markup OfDevice(ReportModel model, IReadOnlyList<ConditionRanking> rankings, ConditionRanking? lead, bool pictures)
    {
        RankingGroup first = rankings[0].Condition;
        Markup emulated = first.Emulated
            ? Markup.Of(
                $"""
                <p class="notice">This machine is emulated: what its models answer counts, its latencies say nothing of a real board and are never ranked
                with one.</p>
                """)
            : Markup.Empty;
        Markup gallery = pictures
            ? Markup.Of($"""<div class="gallery">{Markup.Each(rankings.Where(ranking => ranking.Timed.Any()), Figure)}</div>""")
            : Markup.Empty;
        return Markup.Of(
            $"""
            <section>
            <h2>{first.Task} on {Names.Device(model, first)}</h2>
            {emulated}{gallery}{Markup.Each(rankings, ranking => Table(ranking, lead))}</section>

            """);
    }

    private static Markup Figure(ConditionRanking ranking)
    {
        ConditionRanking drawn = DrawnPoints.Of(ranking);
        Markup wide = new TradeOffPicture(drawn, 520, 400).Draw("wide");
        Markup narrow = new TradeOffPicture(drawn, 350, 330).Draw("narrow");
        string some = drawn == ranking
            ? ""
            : $" Drawn are {drawn.Points.Count} of {Numbers.Count(ranking.Points.Count, "variant", "variants")}: the best, then the fastest.";
        string bars = ranking.LatencyName == "p50"
            ? "Bars are 95 % intervals."
            : $"Bars are 95 % intervals{(ranking.Condition.Emulated ? "" : $"; those of latency are of the ratio to {ranking.Reference}")}.";
        string front = ranking.Timed.Any(point => point.ParetoBest)
            ? " The line joins the variants that are best beyond doubt: every other with a latency is slower or worse."
            : "";
        return Markup.Of(
            $"""
            <figure>
            <figcaption><strong>{Names.Mode(ranking.Condition)}</strong></figcaption>
            {wide}{narrow}<p class="caption">{bars}{front}{some}</p>
            </figure>

            """);
    }

    private static Markup Table(ConditionRanking ranking, ConditionRanking? lead) => Markup.Of(
        $"""
        <h3>{Names.Mode(ranking.Condition)}</h3>
        {(ranking == lead ? Markup.Empty : Markup.Of($"<p>{ShippingAdvice.Of(ranking).Text}</p>"))}
        {ResultTable.Of(ranking)}{Note(ranking)}
        """);

    private static Markup Note(ConditionRanking ranking) => ranking.Timed.Any(point => point.Timed.Any(row => row.LatencyUs!.Batched))
        ? Markup.Of(
            $"""
            <p class="caption">One inference is too short here to be timed by itself (less than 100 readings of the clock), so all variants were timed in
            batches: there is a mean and a ratio, and no percentile.</p>
            """)
        : Markup.Empty;
}
