namespace Fleet.Os.Transfer;

/// <summary>A token that is cancelled with its parent, or when it was not restarted for a while.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly TimeSpan limit;
    private readonly CancellationTokenSource stalled;
    private readonly CancellationTokenSource either;

    public StallWatch(TimeProvider time, TimeSpan limit, CancellationToken cancel)
    {
        this.limit = limit;
        stalled = new CancellationTokenSource(limit, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancel);
    }

    public CancellationToken Token => either.Token;

    public void Restart() => stalled.CancelAfter(limit);

    public void Dispose()
    {
        either.Dispose();
        stalled.Dispose();
    }
}
