using Fleet.Analysis.Comparing;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Rankings;
using Fleet.Domain.Tasks;
using Fleet.Reports.Html.Writing;
using Fleet.Statistics;

namespace Fleet.Reports.Html.Sections;

/// <summary>What was published of hmd, and what this campaign says of it.</summary>
internal static class ClaimSection
{
    /// <summary>Of one campaign.</summary>
    public static Markup Of(CampaignTable table) => !table.ClaimsAsked ? Markup.Empty : Markup.Of(
        $"""
        <section>
        <h2>Published claims</h2>
        {Rules}{(table.Claims.Count == 0 ? Markup.Of($"<p>No result so far that they could be judged by.</p>") : Table(table.Claims))}</section>

        """);

    /// <summary>Of a suite: how often each claim holds, over benchmarks, compression factors, devices and modes.</summary>
    public static Markup Counts(IReadOnlyList<ClaimVerdict> claims) => claims.Count == 0 ? Markup.Empty : Markup.Of(
        $"""
        <section>
        <h2>Published claims</h2>
        {Rules}<div class="scroll"><table>
        <thead><tr><th scope="col">Claim</th><th scope="col" class="n">Holds</th><th scope="col" class="n">Does not hold</th>
        <th scope="col" class="n">Not decided</th></tr></thead>
        <tbody>
        {Markup.Each(claims.GroupBy(claim => claim.Kind), group => CountRow(group.Key, [.. group]))}</tbody>
        </table></div>
        </section>

        """);

    /// <summary>A line for each claim; nothing where there are none.</summary>
    public static Markup Table(IReadOnlyList<ClaimVerdict> claims) => claims.Count == 0 ? Markup.Empty : Markup.Of(
        $"""
        <div class="scroll"><table>
        <thead><tr><th scope="col">Claim</th><th scope="col">Where</th><th scope="col" class="n">Ratio or difference</th><th scope="col" class="n">Interval</th>
        <th scope="col" class="n">Seeds</th><th scope="col">Verdict</th></tr></thead>
        <tbody>
        {Markup.Each(claims, claim => Row(claim, claims.Any(other => other.Board == claim.Board && other.Device != claim.Device)))}</tbody>
        </table></div>

        """);

    private static Markup Rules => Markup.Of(
        $"""
        <p>That hmd runs faster than pruning and keeps more accuracy than low-rank factorisation at the same compression (Thakker et al. 2019, abstract); and,
        beside the reference, whether it is faster and loses nothing. A claim holds, or does not, where the whole interval is on its side; else the data does
        not decide. Intervals are Student's over the seeds, paired by seed (95 %; of one seed, for run time, that of its session); a loss is none where the 90 %
        interval stays within {Numbers.Difference(TaskMetric.Accuracy, MetricVerdict.AccuracyMargin)} of accuracy or
        {Numbers.Fixed(MetricVerdict.NatsMargin, 2)} nats. Emulated machines say nothing of run time. No correction is made for how many claims there are.</p>

        """);

    private static Markup CountRow(string kind, ClaimVerdict[] claims)
    {
        int Count(string verdict) => claims.Count(claim => claim.Verdict == verdict);
        return Markup.Of(
            $"""
            <tr><th scope="row">{ClaimKinds.Title(kind)}</th><td class="n">{Count(ClaimWords.Holds)}</td><td class="n">{
                Count(ClaimWords.DoesNotHold)}</td><td class="n">{Count(ClaimWords.NotDecided)}</td></tr>

            """);
    }

    /// <param name="alike">There is another device of that board, so the board does not say which it is.</param>
    private static Markup Row(ClaimVerdict claim, bool alike)
    {
        string where = alike ? $"{claim.Device} ({claim.Board})" : claim.Board ?? Numbers.None;
        string interval = Numbers.Interval(new Estimate(claim.Value, claim.Low, claim.High), value => Value(claim, value));
        return Markup.Of(
            $"""
            <tr><th scope="row">{claim.Sentence}</th><td>{(claim.IsRunTime ? $"{claim.How}, {where}" : claim.Task)}</td><td class="n">{
                Value(claim, claim.Value)}</td><td class="n">{(interval.Length == 0 ? Numbers.None : interval)}</td><td class="n">{claim.Seeds}</td><td>{
                claim.Verdict}</td></tr>

            """);
    }

    private static string Value(ClaimVerdict claim, double value) =>
        claim.IsRunTime ? Numbers.Ratio(value) : Numbers.Difference(TaskMetric.Of(claim.Measure), value);
}
