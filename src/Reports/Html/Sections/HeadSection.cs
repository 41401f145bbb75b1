using Fleet.Analysis.Advising;
using Fleet.Analysis.Ranking;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Text;
using Fleet.Reports.Html.Writing;
using Fleet.Reports.Model;

namespace Fleet.Reports.Html.Sections;

/// <summary>The campaign's name, the answer, and the figures that frame it.</summary>
internal static class HeadSection
{
    /// <summary>
    /// The condition that the advice is about: one with valid latencies on a real board if there is one, and whole sequences before single steps.
    /// </summary>
    public static ConditionRanking? Lead(IReadOnlyList<ConditionRanking> rankings) => rankings
        .OrderBy(ranking => ranking.Condition.Emulated)
        .ThenBy(ranking => !ranking.Timed.Any())
        .ThenBy(ranking => ranking.Condition.Mode != "window")
        .FirstOrDefault();

    public static Markup Of(ReportModel model, ConditionRanking? lead)
    {
        CampaignSummary summary = model.Campaign.Summary;
        int devices = model.Table.Rows.Select(row => row.Row.Device).Distinct().Count();
        return Markup.Of(
            $"""
            <header>
            <p class="eyebrow">Fleet campaign report</p>
            <h1>{summary.Name}</h1>
            {Answer(model, lead)}
            <ul class="facts">
            {Fact(Numbers.Count(summary.Variants), summary.Variants == 1 ? "variant" : "variants")}{
                Fact(Numbers.Count(devices), devices == 1 ? "device" : "devices")}{
                Fact($"{Numbers.Count(summary.RunsClosed - summary.RunsFailed)} of {Numbers.Count(summary.Runs)}", "runs measured")}{
                Fact(summary.State.Word(), Duration(summary))}</ul>
            </header>

            """);
    }

    private static Markup Answer(ReportModel model, ConditionRanking? lead)
    {
        CampaignSummary summary = model.Campaign.Summary;
        if (model.Table.Unranked is { } unranked)
        {
            return Markup.Of(
                $"""
                <p class="lead">{unranked.Text}</p>
                <ul class="reasons">
                {Markup.Each(unranked.Reasons, reason => Markup.Of($"<li>{UnrankedCampaigns.Line(reason)}</li>\n"))}</ul>
                <p>{unranked.WayOut}</p>
                """);
        }

        return lead is null
            ? Markup.Of(
                $"""
                <p class="lead">{(summary.EndedAt is null ? "No run has ended yet" : "No run has a result")}: {Numbers.Count(summary.RunsClosed)} of
                {Numbers.Count(summary.Runs, "run", "runs")} closed.</p>
                """)
            : Markup.Of($"""<p class="lead">{Where(model, lead)}{ShippingAdvice.Of(lead).Text}</p>""");
    }

    private static string Where(ReportModel model, ConditionRanking lead) =>
        $"On {Names.Device(model, lead.Condition)}{(lead.Condition.Emulated ? ", which is emulated" : "")},"
            + $" {(lead.Condition.Mode == "window" ? "over whole sequences" : "step by step")}: ";

    private static Markup Fact(string value, string name) => Markup.Of($"<li><b>{value}</b> {name}</li>\n");

    private static string Duration(CampaignSummary summary) => summary.EndedAt is { } end
        ? $"after {Numbers.Duration(end - summary.CreatedAt)}"
        : $"since {Numbers.Date(summary.CreatedAt)}";
}
