namespace Fleet.Cli.Terminals;

/// <summary>
/// Ctrl-C, as commands see it: the first asks for an orderly end, which may take <see cref="Limit"/>; the second, or that
/// time running out, wants everything gone at once.
/// </summary>
internal sealed class Interruption(TimeProvider time) : IDisposable
{
    /// <summary>An interrupted command is gone within two seconds; some of them are needed to kill what does not listen.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1.6);

    private readonly CancellationTokenSource requested = new();
    private readonly CancellationTokenSource forced = new();
    private ITimer? limit;
    private int signals;

    /// <summary>End in order.</summary>
    public CancellationToken Requested => requested.Token;

    /// <summary>End at once.</summary>
    public CancellationToken Forced => forced.Token;

    /// <summary>A signal arrived. May be called from any thread.</summary>
    public void Signal()
    {
        if (Interlocked.Increment(ref signals) > 1)
        {
            forced.Cancel();
            return;
        }

        limit = time.CreateTimer(_ => forced.Cancel(), null, Limit, Timeout.InfiniteTimeSpan);
        requested.Cancel();
    }

    public void Dispose()
    {
        limit?.Dispose();
        requested.Dispose();
        forced.Dispose();
    }
}
