using Fleet.Measurement.Clocks;

namespace Fleet.Measurement.Tests.Simulation;

/// <summary>Nanoseconds that pass only when something is simulated; reading it costs some, as on a real machine.</summary>
internal sealed class VirtualClock : IMeasuringClock
{
    public const double ReadingNanoseconds = 25;

    private double now;

    public long Frequency => 1_000_000_000;

    public double Seconds => now / 1e9;

    /// <summary>Told of all time that passes: nanoseconds, and whether the measured core was working.</summary>
    public Action<double, bool>? Passed { get; set; }

    public long Timestamp()
    {
        Advance(ReadingNanoseconds, working: true);
        return (long)now;
    }

    public void Work(double microseconds) => Advance(microseconds * 1e3, working: true);

    public void Wait(TimeSpan time, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Advance(time.TotalNanoseconds, working: false);
    }

    private void Advance(double nanoseconds, bool working)
    {
        now += nanoseconds;
        Passed?.Invoke(nanoseconds, working);
    }
}
