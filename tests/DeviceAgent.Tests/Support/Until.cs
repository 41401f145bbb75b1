using System.Diagnostics;

namespace Fleet.DeviceAgent.Tests.Support;

internal static class Until
{
    /// <summary>Only what hangs takes this long, also on a machine that does much else.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

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
