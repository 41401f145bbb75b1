using System.Diagnostics;

namespace Fleet.EndToEnd.Tests.Support;

internal static class Wait
{
    /// <summary>Looks again and again until the condition holds; fails with what is then the case when the limit has passed.</summary>
    public static async Task UntilAsync(Func<bool> condition, TimeSpan limit, Func<string> otherwise)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < limit, $"Not within {limit.TotalSeconds} s: {otherwise()}");
            await timer.WaitForNextTickAsync();
        }
    }
}
