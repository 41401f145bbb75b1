using System.Globalization;

namespace Fleet.Measurement.Boards.Collectors;

/// <summary>
/// CPU time of the whole machine and of this process, in clock ticks (10 ms on nearly all kernels): their difference is what others took.
/// What a hypervisor took away (steal) counts as others'. See proc_stat(5), proc_pid_stat(5).
/// </summary>
public sealed class ProcessorTimes : IBoardCollector
{
    public void Collect(BoardRoot root, BoardReading into)
    {
        into.MachineTicks = Machine(root.ReadText("proc/stat"));
        if (AfterName(root.ReadText("proc/self/stat")) is not [_, ..] fields || fields.Length < 15)
        {
            return;
        }

        // proc_pid_stat(5) counts from 1 and from the process id; the state, its third field, comes first here.
        into.MajorFaults = fields[9];
        into.OwnTicks = fields[11] + fields[12] + fields[13] + fields[14];
    }

    private static (long Busy, long Total)? Machine(string? text)
    {
        string[] words = text?.Split('\n', 2)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (words.Length < 8 || words[0] != "cpu")
        {
            return null;
        }

        long total = 0, idle = 0;

        // user nice system idle iowait irq softirq steal; the guests' time that follows is within user's already.
        for (int i = 1; i <= Math.Min(8, words.Length - 1); i++)
        {
            if (!long.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks))
            {
                return null;
            }

            total += ticks;
            idle += i is 4 or 5 ? ticks : 0;
        }

        return (total - idle, total);
    }

    /// <summary>The numbers after the command's name, which stands in brackets and may hold anything; the state letter as 0.</summary>
    private static long[]? AfterName(string? text)
    {
        int end = text?.LastIndexOf(')') ?? -1;
        return end < 0
            ? null
            : [.. text![(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : 0)];
    }
}
