namespace Fleet.Measurement.Clocks;

internal static class ClockExtensions
{
    public static double Seconds(this IMeasuringClock clock, long ticks) => (double)ticks / clock.Frequency;

    public static double Microseconds(this IMeasuringClock clock, double ticks) => ticks * 1e6 / clock.Frequency;

    public static long Ticks(this IMeasuringClock clock, TimeSpan time) => (long)(time.TotalSeconds * clock.Frequency);
}
