using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Domain.Measuring;

namespace Fleet.Measurement.Boards;

/// <summary>
/// Keeps the measuring thread on one core, and before others there. Only that thread: compiler and collector threads stay on the other cores.
/// </summary>
public static partial class ProcessorPin
{
    private const int MaskBytes = 128; // 1,024 cores, as glibc's cpu_set_t
    private const int PriorityOfThread = 0; // PRIO_PROCESS with id 0: on Linux, the calling thread alone
    private const int Nice = -10;

    /// <summary>Pins the calling thread to an isolated core if it may use one, else to the last core that it may use.</summary>
    public static PinResult PinCurrentThread(BoardRoot root)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new PinResult(null, false, false, ["the thread was not pinned: only Linux is known"]);
        }

        List<string> notes = [];
        (int? core, bool isolated) = Pin(root, notes);
        bool raised = SetPriority(PriorityOfThread, 0, Nice) == 0;
        if (!raised)
        {
            notes.Add($"priority was not raised: {Marshal.GetLastPInvokeErrorMessage()} (it needs CAP_SYS_NICE)");
        }

        return new PinResult(core, isolated, raised, notes);
    }

    private static (int? Core, bool Isolated) Pin(BoardRoot root, List<string> notes)
    {
        Span<byte> mask = stackalloc byte[MaskBytes];
        if (GetAffinity(0, MaskBytes, mask) < 0)
        {
            notes.Add($"the thread was not pinned: {Marshal.GetLastPInvokeErrorMessage()}");
            return (null, false);
        }

        List<int> allowed = [];
        for (int core = 0; core < MaskBytes * 8; core++)
        {
            if ((mask[core / 8] & (1 << (core % 8))) != 0)
            {
                allowed.Add(core);
            }
        }

        HashSet<int> isolated = [.. ParseCores(root.ReadText("sys/devices/system/cpu/isolated"))];
        int chosen = allowed.LastOrDefault(isolated.Contains, allowed[^1]);
        mask.Clear();
        mask[chosen / 8] = (byte)(1 << (chosen % 8));
        if (SetAffinity(0, MaskBytes, mask) != 0)
        {
            notes.Add($"the thread was not pinned: {Marshal.GetLastPInvokeErrorMessage()}");
            return (null, false);
        }

        return (chosen, isolated.Contains(chosen));
    }

    /// <summary>Reads the kernel's list form: <c>1,3-5</c>. What is no number is left out.</summary>
    internal static IEnumerable<int> ParseCores(string? list)
    {
        foreach (string part in (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-');
            if (int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last))
            {
                for (int core = first; core <= last; core++)
                {
                    yield return core;
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int thread, nuint bytes, Span<byte> mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint bytes, ReadOnlySpan<byte> mask);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, uint id, int nice);
}
