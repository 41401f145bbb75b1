using Fleet.Tasks.Metrics;

namespace Fleet.Tasks.Tests.Metrics;

public sealed class ProportionTests
{
    [Fact]
    public void The_interval_is_Wilsons()
    {
        // 90 of 100: centre 0.9192073 / 1.0384146 = 0.8852026; half 1.959964 / 1.0384146 sqrt(9e-4 + 9.6037e-5) = 0.0595683.
        var ninety = Proportion.Of(90, 100);

        Assert.Equal(0.9, ninety.Value);
        Assert.Equal(0.825634, ninety.Low, 5);
        Assert.Equal(0.944771, ninety.High, 5);
    }

    [Fact]
    public void None_and_all_right_end_at_zero_and_one()
    {
        Assert.Equal(0, Proportion.Of(0, 20).Low);
        Assert.True(Proportion.Of(0, 20).High is > 0.1 and < 0.2);
        Assert.Equal(1, Proportion.Of(20, 20).High);
        Assert.True(Proportion.Of(20, 20).Low is > 0.8 and < 0.9);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 4)]
    [InlineData(-1, 4)]
    public void Counts_that_cannot_be_are_refused(int right, int samples)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.Of(right, samples));
    }
}
