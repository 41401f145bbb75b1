using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Views;

/// <summary>A column of a <see cref="FittedTable"/>.</summary>
/// <param name="Keep">Where the window is too narrow, columns with the smallest number go first; <see cref="Always"/> stays, <see cref="Never"/> is not shown at all.</param>
/// <param name="Right">Numbers stand at the right.</param>
/// <param name="Wraps">Its text may run over several lines, once nothing more can go.</param>
internal sealed record Column(string Header, int Keep = Column.Always, bool Right = false, bool Wraps = false)
{
    public const int Always = int.MaxValue;
    public const int Never = -1;
}

/// <summary>A text of a table, with a Spectre style for terminals that show it.</summary>
internal readonly record struct Cell(string Text, string? Style = null)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>A table that fits the window by dropping the columns that matter least, rather than by breaking every line.</summary>
internal sealed class FittedTable(IReadOnlyList<Column> columns)
{
    private const int WideGap = 2;

    private readonly List<Cell[]> rows = [];

    public void Add(params Cell[] row)
    {
        if (row.Length != columns.Count)
        {
            throw new ArgumentException($"The row has {row.Length} cells, the table {columns.Count} columns.", nameof(row));
        }

        rows.Add(row);
    }

    public IRenderable Fit(int width)
    {
        var (kept, gap) = Choose(width);
        var table = new Table { Border = TableBorder.None };
        for (var i = 0; i < kept.Count; i++)
        {
            var column = columns[kept[i]];
            table.AddColumn(new TableColumn(new Text(column.Header, new Style(decoration: Decoration.Bold)))
            {
                NoWrap = !column.Wraps,
                Alignment = column.Right ? Justify.Right : Justify.Left,
                Padding = new Padding(0, 0, i == kept.Count - 1 ? 0 : gap, 0),
            });
        }

        foreach (var row in rows)
        {
            table.AddRow(kept.ConvertAll(i => (IRenderable)new Text(row[i].Text, row[i].Style is { } style ? Style.Parse(style) : Style.Plain)));
        }

        return table;
    }

    private (List<int> Kept, int Gap) Choose(int width)
    {
        var widths = columns.Select((column, i) => rows.Select(row => row[i].Text.Length).Append(column.Header.Length).Max()).ToList();
        var kept = Enumerable.Range(0, columns.Count).Where(i => columns[i].Keep != Column.Never).ToList();
        while (true)
        {
            var natural = kept.Sum(i => widths[i]);
            for (var gap = WideGap; gap > 0; gap--)
            {
                if (natural + (gap * (kept.Count - 1)) <= width)
                {
                    return (kept, gap);
                }
            }

            var least = kept.MinBy(i => columns[i].Keep);
            if (columns[least].Keep == Column.Always)
            {
                return (kept, 1);
            }

            kept.Remove(least);
        }
    }
}
