using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Fleet.Trainer.Machines;

/// <summary>
/// Bounds the memory that this process may write to (<c>RLIMIT_DATA</c>: heaps, buffers and stacks, managed or not): beyond it an
/// allocation fails, instead of the kernel choosing a process to kill. Where the kernel has to choose all the same, it is to be the trainer.
/// </summary>
internal static partial class MemoryLimit
{
    private const int Data = 2;
    private const string KillFirst = "1000";

    /// <returns>The limit that holds now: a lower one of the system stays.</returns>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public static long Set(long bytes)
    {
        if (GetLimit(Data, out var there) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        var min = Math.Min((nuint)bytes, there.Hard);
        var limit = new Limit { Soft = min, Hard = min };
        return SetLimit(Data, in limit) == 0 ? (long)min : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Of all processes, this is the one to end for want of memory: its checkpoint is on the disk.</summary>
    public static void BeKilledFirst()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", KillFirst);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The kernel cannot be told to end the trainer first where memory runs out: {error.Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
