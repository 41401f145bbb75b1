using System.Diagnostics;

namespace Fleet.DeviceAgent.Tests.Support;

internal static class Until
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"Not within {Limit.TotalSeconds:0} s: {what}");
            await Task.Delay(10);
        }
    }
}
