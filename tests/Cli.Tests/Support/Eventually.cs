namespace Fleet.Cli.Tests.Support;

internal static class Eventually
{
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"It did not happen in time: {what}.");
            await Task.Delay(10, CancellationToken.None);
        }
    }
}
