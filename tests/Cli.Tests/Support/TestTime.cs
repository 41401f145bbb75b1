namespace Fleet.Cli.Tests.Support;

/// <summary>
/// The machine's time, but that nobody is given up for being slow: the machine may do much else. It can be made to run faster for a
/// while, so that what waits for seconds is over in a moment.
/// </summary>
internal sealed class TestTime : TimeProvider
{
    /// <summary>What waits no longer than this looks again and again; what waits longer is a limit.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);
    private const int Patience = 30;
    private volatile int factor = 1;

    public int Factor
    {
        get => factor;
        set => factor = value;
    }

    public override long TimestampFrequency => System.TimestampFrequency / factor;

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > LongestPause ? dueTime * Patience : dueTime / factor, period);
}
