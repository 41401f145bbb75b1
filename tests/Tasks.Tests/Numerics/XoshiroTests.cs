using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Tests.Numerics;

public sealed class XoshiroTests
{
    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_stream_others()
    {
        Assert.Equal(Draw(new Xoshiro256(7)), Draw(new Xoshiro256(7)));
        Assert.NotEqual(Draw(new Xoshiro256(7)), Draw(new Xoshiro256(7, stream: 1)));
        Assert.NotEqual(Draw(new Xoshiro256(7)), Draw(new Xoshiro256(8)));
        // Seed and stream may not stand in for each other.
        Assert.NotEqual(Draw(new Xoshiro256(7, stream: 8)), Draw(new Xoshiro256(8, stream: 7)));
    }

    [Fact]
    public void Normal_numbers_have_mean_zero_and_variance_one()
    {
        var random = new Xoshiro256(11);
        var values = Enumerable.Range(0, 100_000).Select(_ => random.Normal()).ToArray();

        // Five standard errors: 5 / sqrt(100000) = 0.016 of the mean, about 0.022 of the variance.
        Assert.Equal(0, values.Average(), 0.016);
        Assert.Equal(1, values.Average(value => value * value), 0.022);
    }

    [Fact]
    public void Every_number_below_the_bound_comes_about_equally_often()
    {
        var random = new Xoshiro256(3);
        var counts = new int[7];
        for (var draw = 0; draw < 70_000; draw++)
        {
            counts[random.Below(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void A_shuffle_keeps_every_item()
    {
        int[] items = [.. Enumerable.Range(0, 100)];

        new Xoshiro256(1).Shuffle<int>(items);

        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }

    [Fact]
    public void The_portable_sine_and_cosine_are_the_true_ones()
    {
        for (var turns = -3.0; turns < 3; turns += 0.0137)
        {
            Assert.Equal(Math.Sin(2 * Math.PI * turns), PortableMath.SinTurns(turns), 1e-11);
            Assert.Equal(Math.Cos(2 * Math.PI * turns), PortableMath.CosTurns(turns), 1e-11);
        }
    }

    private static ulong[] Draw(Xoshiro256 random) => [.. Enumerable.Range(0, 5).Select(_ => random.Next())];
}
