using System.Text.RegularExpressions;

namespace Fleet.Reports.Tests.Golden;

/// <summary>What a reader sees of one campaign, to the last byte.</summary>
public sealed partial class HtmlGoldenTests
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

    private static string WithoutStyle(string page) => Style().Replace(page, "");

    [GeneratedRegex("<style>.*</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
