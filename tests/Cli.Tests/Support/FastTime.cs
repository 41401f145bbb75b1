namespace Fleet.Cli.Tests.Support;

/// <summary>The machine's time, running faster: what waits for seconds is over in a moment.</summary>
internal sealed class FastTime(int factor) : TimeProvider
{
    public override long TimestampFrequency => System.TimestampFrequency / factor;

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period));

    private TimeSpan Shorten(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / factor;
}
