using Fleet.Cli.Tests.Support;
using Fleet.Domain.Campaigns;
using Fleet.Domain.Rankings;
using Fleet.Reports.Markdown;
using Fleet.Reports.Model;

namespace Fleet.Cli.Tests.Views;

public sealed class ExportHintTests
{
    [Fact]
    public void The_model_to_export_is_the_one_that_the_advice_says_to_ship_and_not_the_fastest()
    {
        var table = Advising(new Advice(AdviceKinds.Ship, "hmd-2x", "Ship hmd-2x."));
        Assert.Equal("Export a model: fleet job export hmd-2x --out hmd-2x.safetensors --state there", ExportHint.Of(table, " --state there"));
        Assert.Contains("`fleet job export hmd-2x --out FILE`", MarkdownReport.Of([table]), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_advice_names_none_it_is_the_reference()
    {
        Assert.Equal("Export a model: fleet job export dense --out dense.safetensors", ExportHint.Of(Samples.Table(), ""));
        Assert.DoesNotContain("fleet job export", MarkdownReport.Of([Samples.Table()]), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_seeds_one_is_named()
    {
        var table = Samples.Table();
        var two = table with { Rows = [.. table.Rows, table.Rows[0] with { Row = table.Rows[0].Row with { Seed = 2 } }] };
        Assert.Contains("fleet job export dense --seed 1 --out", ExportHint.Of(two, ""), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_was_measured_there_is_nothing_to_export() =>
        Assert.Null(ExportHint.Of(Samples.TableOf(Samples.Summary(CampaignStatus.Completed, 0, 0), []), ""));

    // Of the two conditions, the window's.
    private static CampaignTable Advising(Advice advice)
    {
        var table = Samples.Table();
        return table with
        {
            Conditions = [.. table.Conditions.Select(condition => condition.Mode == "window" ? condition with { Advice = advice } : condition)],
        };
    }
}
