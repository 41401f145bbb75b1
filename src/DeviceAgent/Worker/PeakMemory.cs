using System.Globalization;
using Fleet.Measurement.Boards;

namespace Fleet.DeviceAgent.Worker;

/// <summary>The most that this process ever had in memory, as the kernel counted (VmHWM).</summary>
internal static class PeakMemory
{
    private const string Key = "VmHWM:";

    public static long? Read(BoardRoot root)
    {
        var line = root.ReadText("proc/self/status")?.Split('\n').FirstOrDefault(candidate => candidate.StartsWith(Key, StringComparison.Ordinal));
        return line?[Key.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var kibibytes, ..]
            && long.TryParse(kibibytes, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value * 1024 : null;
    }
}
