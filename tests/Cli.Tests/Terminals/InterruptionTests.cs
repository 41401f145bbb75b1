using Fleet.Cli.Terminals;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Cli.Tests.Terminals;

public sealed class InterruptionTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void The_first_signal_asks_for_an_orderly_end()
    {
        using var interruption = new Interruption(time);
        Assert.False(interruption.Requested.IsCancellationRequested);
        interruption.Signal();
        Assert.True(interruption.Requested.IsCancellationRequested);
        Assert.False(interruption.Forced.IsCancellationRequested);
    }

    [Fact]
    public void The_second_signal_wants_everything_gone()
    {
        using var interruption = new Interruption(time);
        interruption.Signal();
        interruption.Signal();
        Assert.True(interruption.Forced.IsCancellationRequested);
    }

    [Fact]
    public void An_orderly_end_that_takes_too_long_is_cut_short_within_two_seconds()
    {
        using var interruption = new Interruption(time);
        interruption.Signal();
        time.Advance(Interruption.Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(interruption.Forced.IsCancellationRequested);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(interruption.Forced.IsCancellationRequested);
        Assert.True(Interruption.Limit < TimeSpan.FromSeconds(2));
    }
}
