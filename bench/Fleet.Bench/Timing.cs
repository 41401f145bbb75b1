using System.Diagnostics;

namespace Fleet.Bench;

internal static class Timing
{
    /// <summary>Nanoseconds that <paramref name="repetitions"/> of an action take together.</summary>
    public static double Nanoseconds(Action action, long repetitions)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0L; i < repetitions; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    /// <summary>How often an action runs in about <paramref name="milliseconds"/>.</summary>
    public static long Calibrate(Action action, double milliseconds)
    {
        // Compiled, and its weights read once.
        action();
        for (var repetitions = 1L; ; repetitions *= 2)
        {
            var took = Nanoseconds(action, repetitions);
            if (took > 1e6 * milliseconds / 2)
            {
                return Math.Max(1, (long)(repetitions * 1e6 * milliseconds / took));
            }
        }
    }
}
