using Fleet.Reports.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Terminals;

/// <summary>Draws a report's texts and tables with Spectre, which knows the terminal's colours and where words may be broken.</summary>
internal static class TextDrawing
{
    public static IRenderable Draw(this IReadOnlyList<TextBlock> blocks) => blocks is [var only] ? Draw(only) : new Rows(blocks.Select(Draw));

    public static IRenderable Draw(this TextTable table, int width) => Draw(table.Fit(width));

    private static IRenderable Draw(TextBlock block) => block switch
    {
        TextLine line => new Text(line.Text, StyleOf(line.Tone)),
        FittedTable table => Draw(table),
        _ => throw new ArgumentException($"Nothing draws a {block.GetType().Name}.", nameof(block)),
    };

    private static Table Draw(FittedTable fitted)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var (index, column) in fitted.Columns.Index())
        {
            table.AddColumn(new TableColumn(new Text(column.Header, StyleOf(Tone.Strong)))
            {
                NoWrap = !column.Wraps,
                Alignment = column.Right ? Justify.Right : Justify.Left,
                Padding = new Padding(0, 0, index == fitted.Columns.Count - 1 ? 0 : fitted.Gap, 0),
            });
        }

        foreach (var row in fitted.Rows)
        {
            table.AddRow(row.Select(cell => new Text(cell.Text, StyleOf(cell.Tone))));
        }

        return table;
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Strong => new Style(decoration: Decoration.Bold),
        Tone.Title => new Style(decoration: Decoration.Bold | Decoration.Underline),
        Tone.Best => new Style(Color.Green, decoration: Decoration.Bold),
        Tone.Good => new Style(Color.Green),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red),
        Tone.Active => new Style(Color.Blue),
        _ => Style.Plain,
    };
}
