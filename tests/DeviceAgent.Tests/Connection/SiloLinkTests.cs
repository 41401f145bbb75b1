using Fleet.DeviceAgent.Connection;
using Fleet.DeviceAgent.Tests.Support;
using Fleet.Protocol.V1;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.DeviceAgent.Tests.Connection;

public sealed class SiloLinkTests : ISiloConversation
{
    private readonly FakeTimeProvider time = new();
    private readonly LogLines told = new();
    private volatile int attempts;

    [Fact]
    public async Task A_silo_that_is_away_is_tried_for_ever_and_told_of_now_and_then()
    {
        // Nothing listens on the discard port.
        var link = new SiloLink(new Uri("http://127.0.0.1:9"), this, new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Random(1)), time, told.Log);
        using var stop = new CancellationTokenSource();
        var run = link.RunAsync(stop.Token);

        await Until.TrueAsync(() => told.Lines.Count == 1, "the first failure is told of");
        var began = time.GetUtcNow();
        while (time.GetUtcNow() - began < TimeSpan.FromMinutes(25))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        var tried = attempts;
        await stop.CancelAsync();
        await run;

        // Waits of 15 to 30 s for most of 25 minutes; an attempt may take a few seconds of this fast clock.
        Assert.InRange(tried, 30, 110);
        Assert.Equal(3, told.Lines.Count);
        Assert.Contains("cannot be reached: Connection refused", told.Lines.First(), StringComparison.Ordinal);
        Assert.Contains("is still away", told.Lines.Last(), StringComparison.Ordinal);
    }

    Task<Hello> ISiloConversation.IntroduceAsync()
    {
        Interlocked.Increment(ref attempts);
        return Task.FromResult(new Hello());
    }

    void ISiloConversation.Connected(SiloStream stream) => Assert.Fail("There is no silo.");

    void ISiloConversation.Received(SiloMessage message) => Assert.Fail("There is no silo.");

    void ISiloConversation.Disconnected() => Assert.Fail("There is no silo.");
}
