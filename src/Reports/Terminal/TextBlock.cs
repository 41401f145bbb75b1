namespace Fleet.Reports.Terminal;

/// <summary>What a text is to its reader; the terminal has a colour or weight for each.</summary>
public enum Tone
{
    Plain,
    Strong,
    Title,
    Best,
    Good,
    Warning,
    Bad,
    Active,
}

/// <summary>A piece of what a terminal shows: pieces stand below each other.</summary>
public abstract record TextBlock
{
    /// <summary>Between two pieces.</summary>
    public static TextBlock Empty { get; } = new TextLine("");
}

/// <summary>A text that runs over as many lines as it needs.</summary>
public sealed record TextLine(string Text, Tone Tone = Tone.Plain) : TextBlock;

/// <summary>A table with the columns that there is room for.</summary>
/// <param name="Rows">Each has a cell for every column.</param>
/// <param name="Gap">Spaces between two columns.</param>
public sealed record FittedTable(IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows, int Gap) : TextBlock;
