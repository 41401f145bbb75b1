using System.Diagnostics;

namespace Fleet.Measurement.Clocks;

/// <summary>The machine's own monotonic clock, nanoseconds on Linux.</summary>
public sealed class SystemClock : IMeasuringClock
{
    public long Frequency => Stopwatch.Frequency;

    public long Timestamp() => Stopwatch.GetTimestamp();

    public void Wait(TimeSpan time, CancellationToken cancel)
    {
        cancel.WaitHandle.WaitOne(time);
        cancel.ThrowIfCancellationRequested();
    }
}
