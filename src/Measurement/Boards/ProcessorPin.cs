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

    // Of the process's first look: a thread that is pinned may use no other core than its own.
    private static readonly Lazy<IReadOnlyList<int>> Allowed = new(ReadAllowed);

    /// <summary>Pins the calling thread to a core as asked: to an isolated one if it may use one, else to the last that it may use.</summary>
    /// <exception cref="SettingRefusedException">The board has no such core, or the thread may not be kept on it.</exception>
    public static PinResult PinCurrentThread(BoardRoot root, CoreChoice cores = default)
    {
        if (!OperatingSystem.IsLinux() && cores != CoreChoice.Any)
        {
            throw new SettingRefusedException($"The campaign asks for {cores} cores, but a thread is kept on a core on Linux only. Leave 'cores' out.");
        }

        if (!OperatingSystem.IsLinux())
        {
            return new PinResult(null, false, false, ["the thread was not pinned: only Linux is known"]);
        }

        List<string> notes = [];
        (int? core, bool isolated) = Pin(root, cores, notes);
        bool raised = SetPriority(PriorityOfThread, 0, Nice) == 0;
        if (!raised)
        {
            notes.Add($"priority was not raised: {Marshal.GetLastPInvokeErrorMessage()} (it needs CAP_SYS_NICE)");
        }

        return new PinResult(core, isolated, raised, notes);
    }

    private static (int? Core, bool Isolated) Pin(BoardRoot root, CoreChoice cores, List<string> notes)
    {
        if (Allowed.Value.Count == 0)
        {
            return Failed("the cores that it may use cannot be read");
        }

        HashSet<int> isolated = [.. ParseCores(root.ReadText("sys/devices/system/cpu/isolated"))];
        var chosen = CoreClusters.Choose(root, Allowed.Value, isolated, cores);
        Span<byte> mask = stackalloc byte[MaskBytes];
        mask.Clear();
        mask[chosen / 8] = (byte)(1 << (chosen % 8));
        return SetAffinity(0, MaskBytes, mask) == 0 ? (chosen, isolated.Contains(chosen)) : Failed(Marshal.GetLastPInvokeErrorMessage());

        // Measured on any core, it would be what was not asked for.
        (int?, bool) Failed(string why)
        {
            if (cores != CoreChoice.Any)
            {
                throw new SettingRefusedException($"The campaign asks for {cores} cores, but the thread cannot be kept on one: {why}. Leave 'cores' out.");
            }

            notes.Add($"the thread was not pinned: {why}");
            return (null, false);
        }
    }

    private static IReadOnlyList<int> ReadAllowed()
    {
        Span<byte> mask = stackalloc byte[MaskBytes];
        List<int> allowed = [];
        if (GetAffinity(0, MaskBytes, mask) >= 0)
        {
            for (var core = 0; core < MaskBytes * 8; core++)
            {
                if ((mask[core / 8] & (1 << (core % 8))) != 0)
                {
                    allowed.Add(core);
                }
            }
        }

        return allowed;
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
