using Fleet.Silo.Compression;

namespace Fleet.Silo.Tests.Compression;

public sealed class TrainerDeathsTests
{
    private readonly TrainerDeaths deaths = new();

    [Fact]
    public void A_trainer_that_dies_again_and_again_where_it_was_is_given_up() =>
        Assert.Equal([true, true, true, true, false], Enumerable.Range(0, 5).Select(_ => deaths.Count(0)));

    [Fact]
    public void A_trainer_that_came_further_each_time_is_not() =>
        Assert.All(Enumerable.Range(0, 100), epoch => Assert.True(deaths.Count(epoch)));

    [Fact]
    public void Coming_less_far_is_no_progress()
    {
        Assert.True(deaths.Count(7));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => deaths.Count(3)));
    }
}
