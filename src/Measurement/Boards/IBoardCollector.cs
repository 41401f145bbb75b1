namespace Fleet.Measurement.Boards;

/// <summary>Reads one source. What is not there is left null: no data is no error.</summary>
public interface IBoardCollector
{
    void Collect(BoardRoot root, BoardReading into);
}
