using System.Globalization;
using Fleet.Measurement.Boards;
using Fleet.Measurement.Boards.Collectors;

namespace Fleet.DeviceAgent.Introduction;

/// <summary>How the board does, in base units. Cheap: it is read while a worker measures. What the board does not report is left out.</summary>
internal static class Telemetry
{
    public static IReadOnlyDictionary<string, double> Read(BoardRoot root)
    {
        var values = new Dictionary<string, double>();
        if (new Board(root, [new ThermalZones()]).Read().HottestCelsius is { } celsius)
        {
            values["temperature_celsius"] = celsius;
        }

        if (root.ReadText("proc/loadavg")?.Split(' ') is [var load, ..] && double.TryParse(load, CultureInfo.InvariantCulture, out var runnable))
        {
            values["load_1m"] = runnable;
        }

        if (AvailableBytes(root.ReadText("proc/meminfo")) is { } bytes)
        {
            values["memory_available_bytes"] = bytes;
        }

        return values;
    }

    private static double? AvailableBytes(string? memory)
    {
        const string Key = "MemAvailable:";
        var line = memory?.Split('\n').FirstOrDefault(candidate => candidate.StartsWith(Key, StringComparison.Ordinal));
        return line?[Key.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var kibibytes, ..]
            && double.TryParse(kibibytes, CultureInfo.InvariantCulture, out var value) ? value * 1024 : null;
    }
}
