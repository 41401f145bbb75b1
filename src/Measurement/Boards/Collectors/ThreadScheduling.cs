using System.Globalization;

namespace Fleet.Measurement.Boards.Collectors;

/// <summary>How the scheduler treated the measuring thread: time spent waiting for its core (schedstat, in ns), and how often it was put off it.</summary>
public sealed class ThreadScheduling : IBoardCollector
{
    private const string Switches = "nonvoluntary_ctxt_switches:";

    public void Collect(BoardRoot root, BoardReading into)
    {
        string[] times = root.ReadText("proc/thread-self/schedstat")?.Split(' ') ?? [];
        if (times.Length == 3 && long.TryParse(times[1], NumberStyles.None, CultureInfo.InvariantCulture, out long nanoseconds))
        {
            into.CoreWaitSeconds = nanoseconds / 1e9;
        }

        string? line = root.ReadText("proc/thread-self/status")?.Split('\n')
            .FirstOrDefault(candidate => candidate.StartsWith(Switches, StringComparison.Ordinal));
        if (line is not null && long.TryParse(line[Switches.Length..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long count))
        {
            into.InvoluntarySwitches = count;
        }
    }
}
