namespace Fleet.Silo.Tests.Running;

/// <summary>The time that passes, and as much more as a test lets pass at once. Timers run as ever: a silo needs its own.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long shiftTicks;

    public void Advance(TimeSpan by) => Interlocked.Add(ref shiftTicks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref shiftTicks));

    public override long GetTimestamp() =>
        base.GetTimestamp() + (long)(Interlocked.Read(ref shiftTicks) * ((double)TimestampFrequency / TimeSpan.TicksPerSecond));
}
