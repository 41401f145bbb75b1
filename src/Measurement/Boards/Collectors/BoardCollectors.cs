namespace Fleet.Measurement.Boards.Collectors;

public static class BoardCollectors
{
    /// <summary>Every collector there is.</summary>
    /// <param name="core">The core that the measuring thread stays on.</param>
    public static IReadOnlyList<IBoardCollector> All(int core = 0) =>
    [
        new ThermalZones(),
        new CpuFrequency(core),
        new VideoCore(),
        new ProcessorTimes(),
        new ThreadScheduling(),
    ];
}
