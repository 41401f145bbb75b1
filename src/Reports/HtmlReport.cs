using System.Reflection;
using Fleet.Analysis.Ranking;
using Fleet.Reports.Sections;
using Fleet.Reports.Writing;

namespace Fleet.Reports;

/// <summary>A campaign's report as one HTML file that needs nothing else: no script, no font, no request.</summary>
public static class HtmlReport
{
    /// <summary>Devices beyond this many have tables but no pictures, so that the file stays small.</summary>
    private const int DevicesWithPictures = 8;

    private static readonly Markup Style = new(ReadStyle());

    /// <summary>The page's whole text.</summary>
    public static string Render(ReportModel model)
    {
        IReadOnlyList<ConditionRanking> rankings = ConditionRanking.All(model.Table.Rows.Select(row => row.Row), model.Reference);
        ConditionRanking[][] devices = [.. rankings
            .GroupBy(ranking => (ranking.Condition.Task, ranking.Condition.Device, ranking.Condition.Emulated))
            .OrderBy(group => group.Key.Emulated)
            .Select(group => group.ToArray())];
        ConditionRanking? lead = HeadSection.Lead(rankings);
        IReadOnlyList<ConditionRuns> conditions = ConditionRuns.All(model);
        Markup sections = Markup.All(devices.Select((device, i) => ConditionSection.OfDevice(model, device, lead, i < DevicesWithPictures)));
        Markup pictures = devices.Length <= DevicesWithPictures
            ? Markup.Empty
            : Markup.Of($"""<p class="notice">Pictures are drawn of the first {DevicesWithPictures} devices; the other {devices.Length - DevicesWithPictures} have tables only.</p>""");
        return Markup.Of(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="color-scheme" content="light dark">
            <title>{model.Campaign.Summary.Name}: Fleet report</title>
            <style>
            {Style}</style>
            </head>
            <body>
            <main>
            {HeadSection.Of(model, lead)}{pictures}{sections}{SizeSection.Of([.. model.Table.Rows.Select(row => row.Row)])}{FailureSection.Of(model)}{ValiditySection.Of(model, conditions)}{MethodSection.Of(model, conditions)}<footer>Campaign {model.Campaign.Summary.Campaign}, started {Numbers.Date(model.Campaign.Summary.CreatedAt)}. Report made {Numbers.Date(model.GeneratedAt)} by Fleet {model.Version}.</footer>
            </main>
            </body>
            </html>

            """).Text;
    }

    private static string ReadStyle()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
