namespace Fleet.Kernels.Tests.Runtime;

internal static class Allocations
{
    private const int Tries = 20;

    /// <summary>
    /// Bytes that an action allocates on this thread each time: the least of several tries. A collection that another test causes counts
    /// what was left of this thread's piece of the heap as allocated, but not in all of them.
    /// </summary>
    public static long Of(Action action)
    {
        action();
        var min = long.MaxValue;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            min = Math.Min(min, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return min;
    }
}
