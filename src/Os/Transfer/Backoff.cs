namespace Fleet.Os.Transfer;

/// <summary>
/// Waits between attempts: doubling from <paramref name="first"/> to <paramref name="max"/>, each drawn from its upper half,
/// so that a thousand boards that lost the same silo do not come back in the same instant.
/// </summary>
public sealed class Backoff(TimeSpan first, TimeSpan max, Random random)
{
    private const int MaxDoublings = 30;

    /// <summary>Attempts that failed since the last success.</summary>
    public int Failures { get; private set; }

    public TimeSpan Next()
    {
        var full = Math.Min(max.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(Failures, MaxDoublings)));
        Failures++;
        return TimeSpan.FromSeconds(full * (0.5 + (random.NextDouble() / 2)));
    }

    public void Reset() => Failures = 0;
}
