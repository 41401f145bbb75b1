using System.Text.RegularExpressions;
using Fleet.Analysis;
using Fleet.Analysis.Ranking;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Results;
using Fleet.Reports.Html;
using Fleet.Reports.Html.Pictures;
using Fleet.Reports.Model;

namespace Fleet.Reports.Tests.Html;

/// <summary>A large campaign's report grows with its variants, and with nothing else.</summary>
public sealed class ReportSizeTests
{
    private const int BytesOfVariant = 2_500;

    [Theory]
    [InlineData(500, 1)]
    [InlineData(500, 10)]
    [InlineData(1_000, 10)]
    public void Variants_of_equal_accuracy_have_a_report_of_bounded_size(int variants, int replicates)
    {
        string html = Render(Many(variants, replicates, _ => 0.9137));
        Assert.InRange(html.Length, 10_000, 100_000 + (BytesOfVariant * variants));
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.InRange(Regex.Count(html, "class=\"mark "), 1, 2 * DrawnPoints.Max);
        Assert.Contains($"Drawn are {DrawnPoints.Max} of ", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_front_is_drawn_thinned_with_both_its_ends()
    {
        // Slower is better, all the way: everything is on the front.
        ConditionRanking ranking = Assert.Single(ConditionRanking.All(Many(300, 1, i => 0.5 + (i / 1000.0)), "dense"));
        Assert.All(ranking.Points, point => Assert.True(point.ParetoBest));
        ConditionRanking drawn = DrawnPoints.Of(ranking);
        Assert.InRange(drawn.Points.Count, DrawnPoints.Max - 1, DrawnPoints.Max);
        Assert.Contains(ranking.Points[0], drawn.Points);
        Assert.Contains(ranking.Points[^1], drawn.Points);
        Assert.NotNull(drawn.Find("dense"));
    }

    [Theory]
    [InlineData(double.NaN, 40)]
    [InlineData(double.PositiveInfinity, 40)]
    [InlineData(0.9, double.NaN)]
    [InlineData(0.9, double.PositiveInfinity)]
    [InlineData(0.9, 0)]
    [InlineData(0.9, -5)]
    public void A_row_with_impossible_numbers_is_not_ranked_and_hides_no_other(double accuracy, double latency)
    {
        ResultRow[] rows = Many(3, 1, i => 0.8 + (i / 100.0));
        rows[1] = rows[1] with { MetricValue = accuracy, LatencyUs = rows[1].LatencyUs! with { Mean = latency, P50 = latency } };
        string html = Render(rows);
        Assert.Contains(rows[2].VariantName, html, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(ConditionRanking.All(rows, "dense")).Timed.Count());
    }

    private static ResultRow[] Many(int variants, int replicates, Func<int, double> accuracy)
    {
        ResultRow sample = new SampleCampaign().Model().Table.Rows[0].Row;
        return
        [
            .. from variant in Enumerable.Range(0, variants)
               from replicate in Enumerable.Range(0, replicates)
               let latency = 100 + variant + (0.1 * replicate)
               select sample with
               {
                   Run = $"{variant}-{replicate}", Variant = $"key-{variant}", VariantName = variant == 0 ? "dense" : $"hmd-{variant}x",
                   Method = variant == 0 ? "dense" : "hmd",
                   Replicate = replicate, MetricValue = accuracy(variant), MetricLow = accuracy(variant) - 0.0002, MetricHigh = accuracy(variant) + 0.0002,
                   LatencyUs = sample.LatencyUs! with { Mean = latency, P50 = latency, P50Low = latency - 1, P50High = latency + 1 },
                   RatioToReference = variant == 0 ? null : new() { Value = latency / 100, Low = latency / 100.05, High = latency / 99.95, Rounds = 12 },
               },
        ];
    }

    private static string Render(IReadOnlyList<ResultRow> rows)
    {
        ReportModel model = new SampleCampaign().Model();
        CampaignTable table = CampaignAnalysis.Table(model.Campaign.Summary, rows, "dense");
        return HtmlReport.Render(model with { Table = table, Measurements = new Dictionary<string, Fleet.Domain.Measuring.RunMeasurement>() });
    }
}
