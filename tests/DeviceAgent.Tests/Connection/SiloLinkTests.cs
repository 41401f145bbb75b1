using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fleet.DeviceAgent.Connection;
using Fleet.DeviceAgent.Tests.Support;
using Fleet.Os.Transfer;
using Fleet.Protocol.V1;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.DeviceAgent.Tests.Connection;

public sealed class SiloLinkTests : ISiloConversation
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TokenFile NoToken = new("/nowhere/token");
    private readonly WatchedTime time = new();
    private readonly LogLines log = new();
    private volatile int attempts;

    [Fact]
    public async Task A_silo_that_is_away_is_tried_for_ever_and_told_of_now_and_then()
    {
        // Nothing listens on the discard port.
        var backoff = new Backoff(TimeSpan.FromSeconds(1), LongestWait, new Random(1));
        var link = new SiloLink(new Uri("http://127.0.0.1:9"), NoToken, this, backoff, time, log.Writer);
        using var stop = new CancellationTokenSource();
        var run = link.RunAsync(stop.Token);

        // The clock stands still while a connection is tried, however long that takes.
        for (var tries = 1; tries <= 51; tries++)
        {
            await Until.TrueAsync(() => time.Waits.Count == tries, $"attempt {tries} fails");
            Assert.Equal(tries, attempts);
            time.Advance(LongestWait);
        }

        await stop.CancelAsync();
        await run;

        // 25 minutes: once at first, then after 10 and after 20.
        Assert.All(time.Waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(0.5), LongestWait));
        Assert.All(time.Waits.Skip(5), wait => Assert.InRange(wait, LongestWait / 2, LongestWait));
        Assert.Equal(3, log.Lines.Count);
        Assert.Contains("cannot be reached: Connection refused", log.Lines.First(), StringComparison.Ordinal);
        Assert.Contains("is still away", log.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_takes_connections_and_drops_them_is_tried_on()
    {
        // As a port forward does whose other end is away: the connection is there, and gone before or after the agent's first words.
        const int Drops = 40;
        using var door = new TcpListener(IPAddress.Loopback, 0);
        door.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)door.LocalEndpoint).Port}");
        var backoff = new Backoff(TimeSpan.Zero, TimeSpan.Zero, new Random(1));
        var link = new SiloLink(address, NoToken, this, backoff, TimeProvider.System, log.Writer);
        using var stop = new CancellationTokenSource();
        var run = link.RunAsync(stop.Token);
        var words = new byte[4096];
        for (var drop = 0; drop < Drops; drop++)
        {
            var coming = door.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask();
            Assert.True(await Task.WhenAny(coming, run) == coming, $"The link ended after {drop} connections: {run.Exception}");
            using var connection = await coming;
            if (drop % 2 == 1)
            {
                _ = await connection.GetStream().ReadAsync(words, TestContext.Current.CancellationToken);
            }

            connection.LingerState = new LingerOption(enable: drop % 4 >= 2, seconds: 0);
        }

        await stop.CancelAsync();
        await run.WaitAsync(LongestWait, TestContext.Current.CancellationToken);
        Assert.Contains("cannot be reached", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    Task<Hello> ISiloConversation.IntroduceAsync()
    {
        Interlocked.Increment(ref attempts);
        return Task.FromResult(new Hello());
    }

    void ISiloConversation.Connected(SiloStream stream) => Assert.Fail("There is no silo.");

    void ISiloConversation.Received(SiloMessage message) => Assert.Fail("There is no silo.");

    void ISiloConversation.Disconnected() => Assert.Fail("There is no silo.");

    /// <summary>Tells how long the link waits between attempts. An attempt itself also has a limit, which is another timer.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime != SiloStream.WelcomeLimit)
            {
                Waits.Enqueue(dueTime);
            }

            return timer;
        }
    }
}
