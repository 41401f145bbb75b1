using Fleet.Os.Transfer;

namespace Fleet.Os.Tests.Transfer;

public sealed class BackoffTests
{
    private readonly Backoff backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), new Random(1));

    [Fact]
    public void Waits_double_up_to_the_longest_each_drawn_from_its_upper_half()
    {
        foreach (var full in new double[] { 1, 2, 4, 8, 10, 10, 10 })
        {
            var wait = backoff.Next().TotalSeconds;
            Assert.InRange(wait, full / 2, full);
        }
    }

    [Fact]
    public void After_a_success_they_begin_anew()
    {
        backoff.Next();
        backoff.Next();
        backoff.Reset();

        Assert.Equal(0, backoff.Failures);
        Assert.InRange(backoff.Next().TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void Boards_that_lost_the_same_silo_do_not_come_back_together()
    {
        var waits = Enumerable.Range(0, 100).Select(seed => new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), new Random(seed)).Next());

        Assert.True(waits.Distinct().Count() > 90);
    }

    [Fact]
    public void A_silo_that_is_away_for_years_makes_no_wait_overflow()
    {
        for (var i = 0; i < 5000; i++)
        {
            Assert.InRange(backoff.Next().TotalSeconds, 0.5, 10);
        }
    }
}
