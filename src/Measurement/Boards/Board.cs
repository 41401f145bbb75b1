using Fleet.Measurement.Boards.Collectors;

namespace Fleet.Measurement.Boards;

/// <summary>A board's readings, from all collectors. Read on the measuring thread, for some counters are that thread's own.</summary>
public sealed class Board(BoardRoot root, IReadOnlyList<IBoardCollector> collectors)
{
    /// <summary>Every collector there is.</summary>
    /// <param name="root">Where they look.</param>
    /// <param name="core">The core that the measuring thread stays on.</param>
    public static Board Of(BoardRoot root, int core = 0) => new(root, AllCollectors(core));

    internal static IReadOnlyList<IBoardCollector> AllCollectors(int core) =>
    [
        new ThermalZones(),
        new CpuFrequency(core),
        new VideoCore(),
        new ProcessorTimes(),
        new ThreadScheduling(),
    ];

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
