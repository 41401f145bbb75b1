using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Cli.Tests.Support;
using Fleet.Domain.Measuring;
using Fleet.Domain.Reasons;
using Fleet.Reports.Csv;
using Fleet.Reports.Markdown;
using Fleet.Reports.Terminal;
using Spectre.Console;

namespace Fleet.Cli.Tests.Terminals;

public sealed class TerminalTextTests
{
    private const string Evil = "red \u001b[31m\u202e\u200b\u009b2J";

    [Fact]
    public void Nothing_that_came_in_acts_on_the_terminal_whatever_draws_it()
    {
        using var text = new StringWriter();
        var terminal = new Terminal { Out = text, Error = text, OutIsTerminal = true, ErrorIsTerminal = false, Size = () => (120, 24) };
        var output = new Output(terminal, json: false, quiet: false);
        output.Progress(Evil);
        output.Warn($"one\n{Evil}");
        output.Result(Evil);
        output.Result(new Text(Evil));
        output.Failure(new CommandFailedException(1, Evil, Evil));
        Assert.All(text.ToString(), letter => Assert.True(letter is '\n' || !char.IsControl(letter), $"U+{(int)letter:X4}"));
        Assert.DoesNotContain('\u202e', text.ToString());
        Assert.DoesNotContain('\u200b', text.ToString());
        Assert.Equal(6, text.ToString().Split("red \uFFFD[31m\uFFFD\uFFFD\uFFFD2J").Length - 1);
    }

    [Fact]
    public void A_pipe_gets_an_answer_as_it_is()
    {
        using var text = new StringWriter();
        new Output(
            new Terminal { Out = text, Error = text, OutIsTerminal = false, ErrorIsTerminal = false, Size = () => (120, 24) },
            json: false,
            quiet: false).Result(Evil);
        Assert.Equal(Evil + "\n", text.ToString());
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_named_below_the_table_and_hides_no_other()
    {
        var table = Samples.Table();
        var damaged = table.Rows[0] with
        {
            Row = table.Rows[0].Row with { Run = "12ab", Validity = Validity.Failed, Reasons = [new(ReasonCodes.RowUnreadable, Detail: "metric is null")] },
        };
        var text = Drawing.Draw(120, width => ResultView.Render(table with { Rows = [.. table.Rows, damaged] }, width));
        Assert.Contains("run 12ab: this row cannot be read: metric is null\n", text, StringComparison.Ordinal);
        Assert.Contains("hmd-4x", text, StringComparison.Ordinal);
        Assert.Contains(",row-unreadable", ResultCsv.Of([damaged.Row]), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_pasted_as_Markdown_brings_no_html_along()
    {
        var table = Samples.Table();
        var posing = table with { Rows = [.. table.Rows.Select(row => row with { Row = row.Row with { Board = $"<img src=x> {Evil}" } })] };
        var text = MarkdownReport.Of([posing]);
        Assert.Contains("&lt;img src=x> red \uFFFD[31m", text, StringComparison.Ordinal);
        Assert.DoesNotContain('<', text);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void Text_that_a_spreadsheet_would_carry_out_is_no_formula()
    {
        var csv = ResultCsv.Of([Samples.Table().Rows[0].Row with { Board = "=cmd|' /C calc'!A0", MetricValue = -1 }]);
        Assert.Contains(",'=cmd|' /C calc'!A0,", csv, StringComparison.Ordinal);
        Assert.Contains(",-1,", csv, StringComparison.Ordinal);
    }
}
