using Fleet.Analysis.Ranking;
using Fleet.Reports.Html.Sections;
using Fleet.Reports.Html.Writing;
using Fleet.Reports.Model;

namespace Fleet.Reports.Html;

/// <summary>A campaign's report as one HTML file that needs nothing else: no script, no font, no request.</summary>
public static class HtmlReport
{
    /// <summary>Devices beyond this many have tables but no pictures, so that the file stays small.</summary>
    private const int DevicesWithPictures = 8;

    /// <summary>The page's whole text.</summary>
    public static string Render(ReportModel model)
    {
        IReadOnlyList<ConditionRanking> rankings = ConditionRanking.All([.. model.Table.Rows.Select(row => row.Row)], model.Reference);
        ConditionRanking[][] devices = [.. rankings
            .GroupBy(ranking => (ranking.Condition.Task, ranking.Condition.Device, ranking.Condition.Emulated))
            .OrderBy(group => group.Key.Emulated)
            .Select(group => group.ToArray())];
        ConditionRanking? lead = HeadSection.Lead(rankings);
        IReadOnlyList<ConditionRuns> conditions = ConditionRuns.All(model);
        Markup sections = Markup.All(devices.Select((device, i) => ConditionSection.OfDevice(model, device, lead, i < DevicesWithPictures)));
        Markup pictures = devices.Length <= DevicesWithPictures
            ? Markup.Empty
            : Markup.Of(
                $"""
                <p class="notice">Pictures are drawn of the first {DevicesWithPictures} devices;
                the other {devices.Length - DevicesWithPictures} have tables only.</p>
                """);
        return Page.Of(model.Campaign.Summary.Name, Markup.Of(
            $"""
            {HeadSection.Of(model, lead)}{pictures}{sections}{SizeSection.Of([.. model.Table.Rows.Select(row => row.Row)])}{FailureSection.Of(model)}
            {ValiditySection.Of(model, conditions)}{MethodSection.Of(model, conditions)}{ClaimSection.Of(model.Table)}
            <footer>Campaign {model.Campaign.Summary.Campaign}, started {Numbers.Date(model.Campaign.Summary.CreatedAt)}. Report made
            {Numbers.Date(model.GeneratedAt)} by Fleet {model.Version}. A variant's model as a file:
            <code>fleet job export {model.Table.Winner() ?? "NAME"} --out FILE</code></footer>
            """));
    }
}
