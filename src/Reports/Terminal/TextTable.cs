namespace Fleet.Reports.Terminal;

/// <summary>A column of a <see cref="TextTable"/>.</summary>
/// <param name="Keep">
/// Where the window is too narrow, columns with the smallest number go first; <see cref="Always"/> stays, <see cref="Never"/> is not
/// shown at all.
/// </param>
/// <param name="Right">Numbers stand at the right.</param>
/// <param name="Wraps">Its text may run over several lines, once nothing more can go.</param>
public sealed record Column(string Header, int Keep = Column.Always, bool Right = false, bool Wraps = false)
{
    public const int Always = int.MaxValue;
    public const int Never = -1;
}

/// <summary>A text of a table.</summary>
public readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>A table that fits the window by dropping the columns that matter least, rather than by breaking every line.</summary>
public sealed class TextTable(IReadOnlyList<Column> columns)
{
    private const int MaxGap = 2;

    private readonly List<Cell[]> rows = [];

    /// <exception cref="ArgumentException">The row has another number of cells than the table has columns.</exception>
    public void Add(params Cell[] row)
    {
        if (row.Length != columns.Count)
        {
            throw new ArgumentException($"The row has {row.Length} cells, the table {columns.Count} columns.", nameof(row));
        }

        rows.Add(row);
    }

    /// <param name="width">Columns of the window.</param>
    public FittedTable Fit(int width)
    {
        var (kept, gap) = Choose(width);
        return new FittedTable([.. kept.Select(i => columns[i])], [.. rows.Select(row => (IReadOnlyList<Cell>)[.. kept.Select(i => row[i])])], gap);
    }

    private (List<int> Kept, int Gap) Choose(int width)
    {
        var widths = columns.Select((column, i) => rows.Select(row => row[i].Text.Length).Append(column.Header.Length).Max()).ToList();
        var kept = Enumerable.Range(0, columns.Count).Where(i => columns[i].Keep != Column.Never).ToList();
        while (true)
        {
            var natural = kept.Sum(i => widths[i]);
            for (var gap = MaxGap; gap > 0; gap--)
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
