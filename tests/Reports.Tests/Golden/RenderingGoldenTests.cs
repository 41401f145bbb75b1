using System.Text.RegularExpressions;
using Fleet.Reports.Csv;
using Fleet.Reports.Html;
using Fleet.Reports.Markdown;
using Fleet.Reports.Model;

namespace Fleet.Reports.Tests.Golden;

/// <summary>What a reader sees of one campaign, to the last byte.</summary>
public sealed partial class RenderingGoldenTests
{
    private const string Here = "tests/Reports.Tests/Golden";

    [Fact]
    public void The_report_of_a_campaign_is_what_it_was() =>
        GoldenText.Check($"{Here}/campaign-html.txt", WithoutStyle(HtmlReport.Render(new SampleCampaign().Model())));

    [Fact]
    public void The_report_of_a_suite_is_what_it_was()
    {
        var model = new SampleCampaign().Model();
        var table = model.Table with { Summary = model.Table.Summary with { Name = "paper-<kws>", Suite = "paper" } };
        GoldenText.Check($"{Here}/suite-html.txt", WithoutStyle(SuiteReport.Render("paper", [new SuiteBenchmark(table, "dense")], "0.1.0", model.GeneratedAt)));
    }

    [Fact]
    public void A_campaigns_results_in_Markdown_are_what_they_were() =>
        GoldenText.Check($"{Here}/campaign-markdown.txt", MarkdownReport.Of([new SampleCampaign().Model().Table]));

    [Fact]
    public void A_campaigns_rows_as_CSV_are_what_they_were() =>
        GoldenText.Check($"{Here}/campaign-csv.txt", ResultCsv.Of([.. new SampleCampaign().Model().Table.Rows.Select(row => row.Row)]));

    private static string WithoutStyle(string page) => Style().Replace(page, "");

    [GeneratedRegex("<style>.*</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
