namespace Fleet.Measurement.Boards.Collectors;

/// <summary>Every thermal zone of the kernel, in milli-degrees there.</summary>
public sealed class ThermalZones : IBoardCollector
{
    public void Collect(BoardRoot root, BoardReading into)
    {
        foreach (string zone in root.Folders("sys/class/thermal", "thermal_zone*"))
        {
            if (root.ReadNumber($"{zone}/temp") is { } milliCelsius)
            {
                into.Temperatures[Path.GetFileName(zone)] = milliCelsius / 1000.0;
            }
        }
    }
}
