namespace Fleet.Statistics.Tests;

public sealed class RandomEffectsTests
{
    [Fact]
    public void The_variance_between_is_that_of_the_textbook_example()
    {
        // Thirteen trials of the BCG vaccine (Colditz 1994), log risk ratios and variances: DerSimonian and Laird give 0.309 and -0.714.
        (double Effect, double Variance)[] trials =
        [
            (-0.8893, 0.3256), (-1.5854, 0.1946), (-1.3481, 0.4154), (-1.4416, 0.0200), (-0.2175, 0.0512), (-0.7861, 0.0069), (-1.6209, 0.2230),
            (0.0120, 0.0040), (-0.4694, 0.0564), (-1.3713, 0.0730), (-0.3394, 0.0124), (0.4459, 0.5325), (-0.0173, 0.0714),
        ];
        BoardEffect[] effects = [.. trials.Select((trial, i) => new BoardEffect($"{i}", trial.Effect, Math.Sqrt(trial.Variance)))];
        Assert.Equal(0.309, RandomEffects.BetweenVariance(effects), 0.001);
        Assert.Equal(-0.714, Math.Log(RandomEffects.Combine(effects).Ratio), 0.001);
    }

    [Fact]
    public void Boards_that_agree_differ_by_nothing()
    {
        CombinedRatio combined = RandomEffects.Combine([Board(0.500, 0.01), Board(0.501, 0.01), Board(0.499, 0.01)]);
        Assert.Equal(0, combined.BetweenBoards);
        Assert.Equal(0.5, combined.Ratio, 1e-3);

        // t(2) = 4.303, standard error 0.01 / sqrt 3: never narrower, although the three agree better than their errors say.
        Assert.Equal(Math.Exp(4.3027 * 0.01 / Math.Sqrt(3)), combined.High!.Value / combined.Ratio, 1e-4);
    }

    [Fact]
    public void Boards_that_disagree_widen_the_interval()
    {
        CombinedRatio combined = RandomEffects.Combine([Board(0.4, 0.001), Board(0.5, 0.001), Board(0.6, 0.001)]);
        Assert.Equal(0.20, combined.BetweenBoards!.Value, 0.01);
        Assert.InRange(combined.Low!.Value, 0.25, 0.35);
    }

    [Fact]
    public void One_board_says_nothing_of_others()
    {
        CombinedRatio combined = RandomEffects.Combine([Board(0.5, 0.01)]);
        Assert.Equal(0.5, combined.Ratio, 1e-12);
        Assert.Null(combined.Low);
        Assert.Null(combined.BetweenBoards);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void A_standard_error_that_is_none_is_refused_by_name(double error) =>
        Assert.Contains("pi-7", Assert.Throws<ArgumentException>(() => RandomEffects.Combine([new("pi-7", 0, error)])).Message);

    private static BoardEffect Board(double ratio, double error) => new("pi", Math.Log(ratio), error);
}
