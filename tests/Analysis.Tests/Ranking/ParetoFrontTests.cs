using CsCheck;
using Fleet.Analysis.Ranking;

namespace Fleet.Analysis.Tests.Ranking;

public sealed class ParetoFrontTests
{
    [Fact]
    public void A_point_beaten_in_both_is_not_on_the_front() =>
        Assert.Equal([true, true, false, true], ParetoFront.Of([(1, 3), (2, 2), (2.5, 2.5), (3, 1)]));

    [Fact]
    public void Equal_in_one_and_worse_in_the_other_is_beaten() =>
        Assert.Equal([true, false], ParetoFront.Of([(1, 1), (1, 2)]));

    [Fact]
    public void Equal_points_are_both_on_it() =>
        Assert.Equal([true, true], ParetoFront.Of([(1, 1), (1, 1)]));

    [Fact]
    public void Nobody_on_the_front_beats_another_and_everybody_off_it_is_beaten_by_one_on_it() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9]).Array[1, 30].Sample(points =>
        {
            (double, double)[] costs = [.. points.Select(point => ((double)point.Item1, (double)point.Item2))];
            bool[] best = ParetoFront.Of(costs);
            (double, double)[] front = [.. costs.Where((_, i) => best[i])];
            return costs.Select((point, i) => best[i] != front.Any(other => other != point && other.Item1 <= point.Item1 && other.Item2 <= point.Item2))
                .All(holds => holds);
        });
}
