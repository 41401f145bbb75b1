namespace Fleet.Silo.Tests.Running;

internal static class Wait
{
    /// <summary>Only what hangs takes this long, also on a machine that does much else.</summary>
    public static readonly TimeSpan Hanging = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again until what it sees is as wanted; fails with what is then the case when <see cref="Hanging"/> has passed.</summary>
    /// <returns>What was seen last.</returns>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> wanted, Func<T, string> otherwise)
    {
        using var limit = new CancellationTokenSource(Hanging);
        T seen;
        while (!wanted(seen = await look()))
        {
            Assert.False(limit.IsCancellationRequested, otherwise(seen));
            await Task.Delay(Pause);
        }

        return seen;
    }
}
