namespace Fleet.Measurement.Boards;

/// <summary>A board's readings, from all collectors. Read on the measuring thread, for some counters are that thread's own.</summary>
public sealed class Board(BoardRoot root, IReadOnlyList<IBoardCollector> collectors)
{
    public BoardReading Read()
    {
        BoardReading reading = new();
        foreach (IBoardCollector collector in collectors)
        {
            collector.Collect(root, reading);
        }

        return reading;
    }
}
