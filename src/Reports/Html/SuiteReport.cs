using Fleet.Analysis.Advising;
using Fleet.Analysis.Ranking;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Rankings;
using Fleet.Domain.Text;
using Fleet.Reports.Html.Sections;
using Fleet.Reports.Html.Writing;
using Fleet.Reports.Model;

namespace Fleet.Reports.Html;

/// <summary>
/// The report of a suite as one HTML file: how often each published claim holds, and each benchmark's tables and verdicts. The campaigns' own reports have the
/// rest.
/// </summary>
public static class SuiteReport
{
    /// <param name="suite">Its name.</param>
    /// <param name="benchmarks">At least one, in the order in which they are to stand.</param>
    /// <param name="version">Of the silo that makes the report.</param>
    /// <param name="generatedAt">Now.</param>
    public static string Render(string suite, IReadOnlyList<SuiteBenchmark> benchmarks, string version, DateTimeOffset generatedAt)
    {
        ClaimVerdict[] claims = [.. benchmarks.SelectMany(benchmark => benchmark.Table.Claims)];
        return Page.Of(suite, Markup.Of(
            $"""
            <header>
            <p class="eyebrow">Fleet suite report</p>
            <h1>{suite}</h1>
            <p class="lead">{Numbers.Count(benchmarks.Count, "benchmark", "benchmarks")}{(
                claims.Length == 0 ? "" : $", {Numbers.Count(claims.Length, "published claim", "published claims")} judged")}.</p>
            </header>
            {ClaimSection.Counts(claims)}{Markup.Each(benchmarks, Benchmark)}<footer>Report made {Numbers.Date(generatedAt)} by Fleet {version}.</footer>
            """));
    }

    private static Markup Benchmark(SuiteBenchmark benchmark)
    {
        CampaignSummary summary = benchmark.Table.Summary;
        IReadOnlyList<ConditionRanking> rankings = ConditionRanking.All([.. benchmark.Table.Rows.Select(row => row.Row)], benchmark.Reference);
        return Markup.Of(
            $"""
            <section>
            <h2>{summary.Benchmark}</h2>
            <p>Campaign {summary.Campaign} is {summary.State.Word()}: {Numbers.Count(summary.RunsClosed - summary.RunsFailed)} of
            {Numbers.Count(summary.Runs, "run", "runs")} measured.</p>
            {Markup.Each(rankings, ranking => Table(ranking))}{ClaimSection.Table(benchmark.Table.Claims)}</section>

            """);
    }

    private static Markup Table(ConditionRanking ranking) => Markup.Of(
        $"""
        <h3>{ranking.Condition.Task}, {Names.Mode(ranking.Condition)}, {ranking.Condition.Board}{(ranking.Condition.Emulated ? ", emulated" : "")}</h3>
        <p>{ShippingAdvice.Of(ranking).Text}</p>
        {ResultTable.Of(ranking)}
        """);
}
