using System.Runtime.CompilerServices;
using Fleet.Measurement.Clocks;

namespace Fleet.Measurement.Stages;

/// <summary>The first stage: what a reading of the clock costs, and with it what may be timed one by one.</summary>
public static class TimerPilot
{
    /// <summary>An inference at least this many times as long as a reading of the clock is timed by itself.</summary>
    public const int MinMultiple = 100;

    private const int Passes = 50;
    private const int ReadingsPerPass = 200;

    /// <summary>
    /// Ticks that a reading costs: the least mean over the passes (whatever disturbs makes it dearer), but never below the clock's own
    /// grain, which on some ARM boards is coarser than the reading is slow.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double CostTicks(IMeasuringClock clock)
    {
        double cost = double.PositiveInfinity;
        long grain = long.MaxValue;
        for (int pass = 0; pass < Passes; pass++)
        {
            long start = clock.Timestamp(), last = start;
            for (int i = 0; i < ReadingsPerPass; i++)
            {
                long now = clock.Timestamp();
                grain = now > last ? Math.Min(grain, now - last) : grain;
                last = now;
            }

            cost = Math.Min(cost, (double)(last - start) / ReadingsPerPass);
        }

        return grain == long.MaxValue ? cost : Math.Max(cost, grain);
    }

    /// <summary>
    /// Inferences a sample: 1 where even the fastest variant can be timed one by one, else as many as make the fastest long enough; the
    /// same for all, so that none is flattered.
    /// </summary>
    public static int BatchSize(double fastestTicks, double costTicks) =>
        Math.Max(1, (int)Math.Ceiling(MinMultiple * costTicks / fastestTicks));
}
