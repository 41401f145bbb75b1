namespace Fleet.Kernels.Structures;

public enum LayerDirection
{
    Forward,
    Reverse,
    Bidirectional,
}

/// <summary>
/// One recurrent layer. Its output at a step is the cell's h; of a bidirectional one the h of both directions side by side,
/// forward first, the reverse one's being that of the step that it reads then.
/// </summary>
/// <param name="Cells">One; of a bidirectional layer two of one shape, forward then reverse, each with weights of its own.</param>
public sealed record LayerStructure(LayerDirection Direction, IReadOnlyList<CellStructure> Cells)
{
    public LayerStructure(CellStructure cell)
        : this(LayerDirection.Forward, [cell])
    {
    }

    public CellShape Shape => Cells[0].Shape;

    /// <summary>Values a step.</summary>
    public int Outputs => Cells.Count * Shape.Hidden;

    public long Parameters => Cells.Sum(cell => cell.Parameters);

    public long MacsPerStep => Cells.Sum(cell => cell.MacsPerStep);

    /// <summary>Whether the cell at this place reads the sequence from its end.</summary>
    public bool IsReverse(int cell) => Direction == LayerDirection.Reverse || cell == 1;

    public bool Equals(LayerStructure? other) => other is not null && Direction == other.Direction && Cells.SequenceEqual(other.Cells);

    public override int GetHashCode() => HashCode.Combine(Direction, Cells.Count, Cells[0]);
}
