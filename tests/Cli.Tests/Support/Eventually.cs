namespace Fleet.Cli.Tests.Support;

internal static class Eventually
{
    /// <summary>Only what hangs takes this long, also on a machine that does much else.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"It did not happen in time: {what}.");
            await Task.Delay(10, CancellationToken.None);
        }
    }
}
