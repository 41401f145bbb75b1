using Fleet.Domain.Campaigns;
using Fleet.Domain.Rankings;
using Fleet.Reports.Html;
using Fleet.Reports.Model;

namespace Fleet.Reports.Tests.Html;

public sealed class SuiteReportTests
{
    [Fact]
    public void A_suites_report_counts_the_claims_and_has_every_benchmark_with_its_verdicts()
    {
        CampaignTable table = new SampleCampaign().Model().Table;
        SuiteBenchmark[] benchmarks = [.. new[] { "paper-har", "paper-<kws>" }
            .Select(name => new SuiteBenchmark(table with { Summary = table.Summary with { Name = name, Suite = "paper" } }, "dense"))];
        string html = SuiteReport.Render("paper", benchmarks, "0.1.0", new DateTimeOffset(2026, 3, 14, 20, 5, 0, TimeSpan.Zero));

        Assert.Contains("<h1>paper</h1>", html);
        Assert.Contains("<h2>har</h2>", html);
        Assert.Contains("<h2>&lt;kws&gt;</h2>", html);

        // hmd-4x beside pruned-4x on two devices in two modes (one of the four rows failed), in two benchmarks.
        int judged = table.Claims.Count(claim => claim.Kind == ClaimKinds.FasterThanPruned);
        Assert.Equal(3, judged);
        Assert.Contains($"""<th scope="row">hmd runs faster than pruning</th><td class="n">{2 * judged}</td><td class="n">0</td><td class="n">0</td>""", html);
        Assert.Contains("hmd-2x is no less accurate than dense", html);
        Assert.DoesNotContain("https://", html);
    }
}
