using System.Diagnostics;

namespace Fleet.EndToEnd.Tests.Support;

internal static class Wait
{
    /// <summary>How long what should take a second or two may take before it counts as hanging: the machine may be slow and do much else.</summary>
    public static readonly TimeSpan Hanging = TimeSpan.FromMinutes(1);

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
