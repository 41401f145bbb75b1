using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Fleet.Analysis;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Jobs;
using Fleet.Domain.Measuring;
using Fleet.Domain.Rankings;
using Fleet.Domain.Reasons;
using Fleet.Domain.Results;
using Fleet.Reports.Html;
using Fleet.Reports.Model;

namespace Fleet.Reports.Tests.Html;

public sealed class HtmlReportTests
{
    /// <summary>Left beside the tests, to be looked at.</summary>
    private static readonly string SamplePath = Path.Combine(AppContext.BaseDirectory, "sample-report.html");

    [Fact]
    public void A_report_is_small_and_asks_for_nothing_from_outside()
    {
        string html = HtmlReport.Render(new SampleCampaign().Model());
        File.WriteAllText(SamplePath, html);
        Assert.InRange(Encoding.UTF8.GetByteCount(html), 10_000, 500_000);
        Assert.DoesNotContain("http://", html);
        Assert.DoesNotContain("https://", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("<link", html);
        Assert.DoesNotContain("url(", html);
        Assert.DoesNotContain("NaN", html);
        Assert.DoesNotContain("∞", html);
    }

    [Fact]
    public void A_campaign_of_many_devices_stays_under_the_limit()
    {
        ReportModel model = new SampleCampaign().Model();
        TableRow[] rows = [.. Enumerable.Range(0, 20)
            .SelectMany(i => model.Table.Rows.Select(row => row with { Row = row.Row with { Device = $"{row.Row.Device}-{i}" } }))];
        string html = HtmlReport.Render(model with { Table = model.Table with { Rows = rows } });
        Assert.InRange(Encoding.UTF8.GetByteCount(html), 10_000, 500_000);
        Assert.Contains("the other 32 have tables only", html);
    }

    [Fact]
    public void The_answer_stands_first_with_its_intervals()
    {
        string text = Text(HtmlReport.Render(new SampleCampaign().Model()));
        Assert.Contains(
            "On bench (AMD EPYC), over whole sequences: Not decided: hmd-2x is 1.61 times as fast as dense (1.60 to 1.62), but the data does not tell"
                + " whether it loses accuracy (-0.7 points; 90 % interval -2.2 to +0.8;", text);
    }

    [Fact]
    public void It_ends_with_the_published_claims_as_verdicts()
    {
        string text = Text(HtmlReport.Render(new SampleCampaign().Model()));

        // One seed: the ratio of 0.391 to 1.64, each known to 0.6 %, so to sqrt 2 times that.
        Assert.Contains("hmd-4x runs faster than pruned-4x window, AMD EPYC 0.238 0.236 to 0.240 1 holds", text);
        Assert.Contains("hmd-4x is more accurate than lmf-4x uci-har +0.9 points – 1 not decided", text);
        Assert.True(text.IndexOf("Published claims", StringComparison.Ordinal) > text.IndexOf("How it was measured", StringComparison.Ordinal));
    }

    [Fact]
    public void Claims_name_the_device_where_two_are_of_one_board()
    {
        ReportModel model = new SampleCampaign().Model();
        ClaimVerdict[] claims = [.. model.Table.Claims, .. model.Table.Claims.Where(claim => claim.IsRunTime)
            .Select(claim => claim with { Device = claim.Device + "-b" })];
        string device = claims.First(claim => claim.Board == "AMD EPYC").Device!;
        string text = Text(HtmlReport.Render(model with { Table = model.Table with { Claims = claims } }));
        Assert.Contains($"hmd-4x runs faster than pruned-4x window, {device} (AMD EPYC) 0.238", text);
        Assert.Contains($"hmd-4x runs faster than pruned-4x window, {device}-b (AMD EPYC) 0.238", text);
    }

    [Fact]
    public void A_variant_in_int8_has_a_ring_about_its_mark_wherever_it_is_drawn_and_no_other_has()
    {
        ReportModel model = new SampleCampaign().Model();
        Assert.DoesNotContain("class=\"ring\"", HtmlReport.Render(model));
        TableRow[] rows =
        [
            .. model.Table.Rows.Select(
                row => row.Row.VariantName == "hmd-2x" ? row with { Row = row.Row with { VariantName = "hmd-2x-int8", Precision = "int8" } } : row),
        ];
        string html = HtmlReport.Render(model with { Table = model.Table with { Rows = rows } });
        int marks = Regex.Count(html, "class=\"mark[^\"]*\"><title>hmd-2x-int8:");
        int symbols = Regex.Count(html, "<th scope=\"row\"><svg class=\"symbol[^>]*>(?:<[^>]*>)*?</svg>hmd-2x-int8");
        Assert.True(marks > 0 && symbols > 0, $"{marks} marks and {symbols} symbols.");
        Assert.Equal(marks + symbols, Regex.Count(html, "class=\"ring\""));
    }

    [Fact]
    public void What_a_campaign_or_a_board_is_called_cannot_become_markup()
    {
        const string Evil = "</title><img src=x onerror=alert(1)>\"'&";
        ReportModel model = new SampleCampaign { Name = Evil }.Model();
        TableRow[] rows = [.. model.Table.Rows.Select(row => row with
        {
            Row = row.Row with
            {
                VariantName = row.Row.VariantName + Evil, Method = Evil, Board = Evil, Task = Evil, Metric = Evil, Engine = Evil, Isa = Evil,
                AgentVersion = Evil, Mode = Evil, Reasons = [new(Evil, Detail: Evil)],
            },
        })];
        string html = HtmlReport.Render(model with
        {
            Reference = "dense" + Evil,
            Version = Evil,
            Table = model.Table with { Rows = rows },
            Campaign = model.Campaign with
            {
                Notes = [Evil], Jobs = [new JobSummary { Variant = Evil, Name = Evil, Task = Evil, State = JobStatus.Failed, Reason = Evil }],
            },
            Devices = [.. model.Devices.Select(device => device with { Name = Evil, Board = Evil, Os = Evil })],
        });
        Assert.DoesNotContain("<img", html);
        Assert.DoesNotContain("onerror=alert(1)>\"", html);
        AssertWellFormed(html);
    }

    [Fact]
    public void A_language_model_is_reported_in_nats_with_its_perplexity_and_lower_is_better()
    {
        ReportModel model = new SampleCampaign().Model();
        // The accuracy 0.906 of dense stands for 1.594 nats: what was best stays best.
        ResultRow[] rows = [.. model.Table.Rows.Select(row => row.Row with
        {
            Task = "char-lm", Metric = "nats", MetricValue = 2.5 - row.Row.MetricValue, MetricLow = 2.5 - row.Row.MetricHigh,
            MetricHigh = 2.5 - row.Row.MetricLow,
        })];
        CampaignTable table = CampaignAnalysis.Table(model.Campaign.Summary, rows, "dense", claims: true);
        Assert.Equal(model.Table.Rows.Select(row => row.ParetoBest), table.Rows.Select(row => row.ParetoBest));

        string html = HtmlReport.Render(model with { Table = table });
        string text = Text(html);
        Assert.Contains("1.594 1.582 to 1.607 4.923 4.865 to 4.988", text);
        Assert.Contains("Nats a token (lower is better)", text);
        Assert.Contains("1.601 nats a token against 1.594, which is no loss (-0.007;", text);
        Assert.Contains("means of 30 contiguous blocks", text);
        AssertWellFormed(html);
    }

    [Fact]
    public void A_metric_without_a_name_is_still_drawn()
    {
        ReportModel model = new SampleCampaign().Model();
        TableRow[] rows = [.. model.Table.Rows.Select(row => row with { Row = row.Row with { Metric = "" } })];
        AssertWellFormed(HtmlReport.Render(model with { Table = model.Table with { Rows = rows } }));
    }

    [Fact]
    public void Every_element_is_closed_and_every_attribute_quoted() => AssertWellFormed(HtmlReport.Render(new SampleCampaign().Model()));

    [Fact]
    public void Tables_scroll_in_a_box_of_their_own()
    {
        string html = HtmlReport.Render(new SampleCampaign().Model());
        Assert.Equal(Regex.Count(html, "<table"), Regex.Count(html, "<div class=\"scroll\"><table"));
    }

    [Fact]
    public void A_failed_run_is_named_with_its_reason()
    {
        string text = Text(HtmlReport.Render(new SampleCampaign().Model()));
        Assert.Contains("pruned-4x, streaming, on Raspberry Pi 4 Model B Rev 1.4: the worker was killed by signal 9", text);
        Assert.Contains("no valid latency: the worker was killed by signal 9", text);
    }

    [Fact]
    public void Reasons_of_blocks_are_counted()
    {
        string text = Text(HtmlReport.Render(new SampleCampaign().Model()));
        Assert.Contains("121 blocks: 112 valid, 8 suspect, 1 invalid.", text);
        Assert.Contains("1 invalid the board throttled its clock", text);
    }

    [Fact]
    public void A_campaign_without_results_says_so()
    {
        ReportModel model = new SampleCampaign().Model();
        CampaignSummary summary = model.Campaign.Summary with { RunsClosed = 0, RunsFailed = 0, State = CampaignStatus.Running, EndedAt = null };
        string html = HtmlReport.Render(model with
        {
            Campaign = model.Campaign with { Summary = summary }, Table = new() { Summary = summary, Rows = [] }, Measurements = new Dictionary<string,
            Fleet.Domain.Measuring.RunMeasurement>(),
        });
        Assert.Contains("No run has ended yet: 0 of 20 runs closed.", Text(html));
        Assert.Contains("20 runs are still open", Text(html));
        AssertWellFormed(html);
    }

    [Fact]
    public void An_emulated_machine_is_marked_and_never_leads()
    {
        ReportModel model = new SampleCampaign().Model();
        ResultRow[] rows = [.. model.Table.Rows.Select(row => row.Row with { Emulated = row.Row.Device == "d1" })];
        string text = Text(HtmlReport.Render(model with { Table = CampaignAnalysis.Table(model.Campaign.Summary, rows, "dense", claims: true) }));
        Assert.Contains("On kitchen-pi", text);
        Assert.Contains("its latencies say nothing of a real board", text);
    }

    [Fact]
    public void An_emulated_machine_has_no_ratio_verdict_star_or_headline_anywhere()
    {
        ReportModel model = new SampleCampaign().Model();
        ResultRow[] rows = [.. model.Table.Rows.Select(row => row.Row with { Emulated = true })];
        string html = HtmlReport.Render(model with { Table = CampaignAnalysis.Table(model.Campaign.Summary, rows, "dense") });
        Assert.All(
            ["chip v-faster", "chip v-slower", "tag best", "class=\"pareto", "class=\"front", "Ratio to", "times as fast", "of the reference's"],
            mark => Assert.DoesNotContain(mark, html));
        string text = Text(html);
        Assert.Contains("No advice: this board is emulated", text);
        Assert.Contains("89.9 % 88.6 to 91.1 %", text);
        AssertWellFormed(html);
    }

    [Fact]
    public void Where_all_is_invalid_the_report_says_why_and_what_to_do_and_keeps_accuracies_and_sizes()
    {
        ReportModel model = new SampleCampaign().Model();
        ResultRow[] rows = [.. model.Table.Rows.Where(row => row.Row.Validity != Validity.Failed)
            .Select(row => row.Row with { Validity = Validity.Invalid, Reasons = [new(ReasonCodes.CoreTaken, 20, 24)] })];
        string html = HtmlReport.Render(model with { Table = CampaignAnalysis.Table(model.Campaign.Summary, rows, "dense") });
        string text = Text(html);
        Assert.Contains("No run could be ranked: all 19 runs are invalid.", text);
        Assert.Contains("core-taken in 19 runs: other processes held the measured core", text);
        Assert.Contains("on a quiet machine", text);
        Assert.Contains("89.9 % 88.6 to 91.1 %", text);
        Assert.Contains("42.1 kB", text);
        Assert.DoesNotContain(" yet", text);
        Assert.DoesNotContain("times as fast", text);
        AssertWellFormed(html);
    }

    [Fact]
    public void A_variant_without_a_valid_latency_keeps_its_accuracy_in_table_and_picture()
    {
        ReportModel model = new SampleCampaign().Model();
        ResultRow[] rows =
        [
            .. model.Table.Rows.Select(
                row => row.Row.VariantName == "hmd-2x"
                    ? row.Row with { Validity = Validity.Invalid, Reasons = [new(ReasonCodes.Throttled, 20, 24)] }
                    : row.Row),
        ];
        string html = HtmlReport.Render(model with { Table = CampaignAnalysis.Table(model.Campaign.Summary, rows, "dense") });
        Assert.Contains("<title>hmd-2x: 89.9\u00a0%, no valid latency</title>", System.Net.WebUtility.HtmlDecode(html));
        Assert.Contains("no valid latency: 20 of 24 blocks invalid: the board throttled its clock", Text(html));
        AssertWellFormed(html);
    }

    [Fact]
    public void A_campaign_that_does_not_ask_for_the_published_claims_has_none()
    {
        ReportModel model = new SampleCampaign().Model();
        string html = HtmlReport.Render(
            model with { Table = CampaignAnalysis.Table(model.Campaign.Summary, [.. model.Table.Rows.Select(row => row.Row)], "dense") });
        Assert.DoesNotContain("Published claims", html);
    }

    [Fact]
    public void Where_nothing_is_faster_the_answer_does_not_claim_it()
    {
        ReportModel model = new SampleCampaign().Model();
        ResultRow[] rows = [.. model.Table.Rows.Select(row => row.Row.RatioToReference is null ? row.Row
            : row.Row with { RatioToReference = new() { Value = 0.98, Low = 0.90, High = 1.07, Rounds = 8 } })];
        string text = Text(HtmlReport.Render(model with { Table = CampaignAnalysis.Table(model.Campaign.Summary, rows, "dense", claims: true) }));
        Assert.Contains("no variant is shown to be faster than dense; not told apart from it in speed: hmd-2x", text);
        Assert.Contains("inconclusive", text);
        Assert.Contains("more would tell", text);
    }

    private static string Text(string html) =>
        Regex.Replace(System.Net.WebUtility.HtmlDecode(Regex.Replace(html[html.IndexOf("<body>", StringComparison.Ordinal)..], "<[^>]+>", " ")), @"\s+", " ")
            .Replace(" :", ":").Replace(" ,", ",").Replace(" .", ".");

    /// <summary>The page is written so that it is XML too, but for the elements that HTML leaves open.</summary>
    private static void AssertWellFormed(string html)
    {
        string xml = Regex.Replace(html.Replace("<!DOCTYPE html>", ""), "<meta([^>]*)>", "<meta$1/>");
        XDocument page = XDocument.Parse(xml);
        Assert.Equal("html", page.Root!.Name.LocalName);
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "img" or "iframe" or "object");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
    }
}
