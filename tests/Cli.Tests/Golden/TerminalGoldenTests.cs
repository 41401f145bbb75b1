using System.Globalization;
using System.Text;
using Fleet.Cli.Terminals;
using Fleet.Cli.Tests.Support;
using Fleet.Domain.Campaigns;
using Fleet.Reports.Markdown;
using Fleet.Reports.Terminal;
using Fleet.Reports.Tests;
using Fleet.Reports.Tests.Golden;
using Spectre.Console;

namespace Fleet.Cli.Tests.Golden;

/// <summary>What a terminal shows of campaigns, with its colours, to the last byte.</summary>
public sealed class TerminalGoldenTests
{
    private const string Here = "tests/Cli.Tests/Golden";

    public static TheoryData<string> Names => ["sample", "table", "language-models", "all-invalid"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_campaigns_results_look_as_they_did(string name)
    {
        var table = Table(name);
        var text = new StringBuilder();
        foreach (var width in (int[])[60, 120])
        {
            text.Append(CultureInfo.InvariantCulture, $"{width} columns\n{Draw(width, ResultView.Render(table, width))}");
            text.Append(CultureInfo.InvariantCulture, $"{width} columns, by seed\n{Draw(width, ResultView.Render(table, width, bySeed: true))}");
        }

        GoldenText.Check($"{Here}/{name}-terminal.txt", text.ToString());
    }

    [Fact]
    public void Published_claims_look_as_they_did()
    {
        var table = Table("sample");
        var other = table with { Summary = table.Summary with { Name = "paper-kws", Suite = "paper" } };
        var text = new StringBuilder();
        foreach (var width in (int[])[60, 120])
        {
            text.Append(CultureInfo.InvariantCulture, $"{width} columns\n{Draw(width, ClaimView.Render([table], width))}");
            text.Append(CultureInfo.InvariantCulture, $"{width} columns, a suite\n{Draw(width, ClaimView.Render([table, other], width))}");
        }

        GoldenText.Check($"{Here}/claims-terminal.txt", text.ToString());
    }

    [Theory]
    [InlineData("table")]
    [InlineData("language-models")]
    [InlineData("all-invalid")]
    public void A_campaigns_results_in_Markdown_are_what_they_were(string name) =>
        GoldenText.Check($"{Here}/{name}-markdown.txt", MarkdownReport.Of([Table(name)]));

    private static CampaignTable Table(string name) => name switch
    {
        "sample" => new SampleCampaign().Model().Table,
        "table" => Samples.Table(),
        "language-models" => Samples.LanguageModels(),
        _ => Samples.AllInvalid(),
    };

    private static string Draw(int width, IReadOnlyList<TextBlock> view)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = width;
        console.Pipeline.Attach(new TerminalText.Hook());
        console.Write(view.Draw());
        return text.ToString().Replace('\e', '\u241b').Replace("\n", "|\n", StringComparison.Ordinal) + "|\n";
    }
}
