using Fleet.Analysis.Comparing;
using Fleet.Domain.Measuring;

namespace Fleet.Analysis.Tests.Comparing;

public sealed class RatioVerdictTests
{
    [Theory]
    [InlineData(0.50, 0.49, 0.51, VerdictKind.Faster)]
    [InlineData(1.30, 1.20, 1.41, VerdictKind.Slower)]
    [InlineData(1.001, 0.997, 1.005, VerdictKind.Same)]
    [InlineData(0.97, 0.92, 1.02, VerdictKind.Inconclusive)]
    [InlineData(1.00, 0.95, 1.05, VerdictKind.Inconclusive)]
    public void The_interval_decides(double value, double low, double high, VerdictKind expected) =>
        Assert.Equal(expected, Verdict(value, low, high).Kind);

    [Fact]
    public void A_real_difference_within_the_margin_is_the_same() =>
        Assert.Equal(VerdictKind.Same, Verdict(0.99, 0.988, 0.992).Kind);

    [Fact]
    public void A_wider_margin_turns_a_difference_into_the_same() =>
        Assert.Equal(VerdictKind.Same, RatioVerdict.Of(Ratio(0.97, 0.965, 0.975, 12), margin: 0.05)!.Kind);

    [Fact]
    public void Sameness_is_judged_by_the_ninety_percent_interval()
    {
        // In logarithms the 95 % interval is +-0.021, beyond the margin of ln 1.02 = 0.0198; the 90 % one is 0.021 * 1.796 / 2.201 = 0.0171.
        Assert.Equal(VerdictKind.Same, Verdict(1, Math.Exp(-0.021), Math.Exp(0.021)).Kind);
        Assert.Equal(VerdictKind.Inconclusive, Verdict(1, Math.Exp(-0.026), Math.Exp(0.026)).Kind);
    }

    [Fact]
    public void What_is_inconclusive_tells_how_much_longer_it_would_take()
    {
        // Distance to 1: ln 1.03 = 0.0296; half width 0.05. It is settled when the half width is the distance: (0.05 / 0.0296)^2 = 2.86 times 12 rounds.
        Verdict verdict = Verdict(1.03, 1.03 * Math.Exp(-0.05), 1.03 * Math.Exp(0.05));
        Assert.Equal(VerdictKind.Inconclusive, verdict.Kind);
        Assert.Equal(23, verdict.MoreRounds);
    }

    [Fact]
    public void A_ratio_without_an_interval_says_nothing()
    {
        Assert.Null(RatioVerdict.Of(new Ratio { Value = 0.5, Rounds = 1 }));
    }

    [Fact]
    public void The_words_are_those_of_the_tables() =>
        Assert.Equal(["reference", "same", "faster", "slower", "inconclusive"], Enum.GetValues<VerdictKind>().Select(kind => new Verdict(kind).Text));

    private static Verdict Verdict(double value, double low, double high) => RatioVerdict.Of(Ratio(value, low, high, 12))!;

    private static Ratio Ratio(double value, double low, double high, int rounds) =>
        new() { Value = value, Low = low, High = high, Rounds = rounds };
}
