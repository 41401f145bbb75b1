using Fleet.Campaigns.Language.Keys;

namespace Fleet.Campaigns.Tests.Language;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("50ms", 0.05)]
    [InlineData("20s", 20)]
    [InlineData("1.5m", 90)]
    [InlineData("2 h", 7200)]
    public void A_number_with_a_unit_is_a_duration(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("s")]
    [InlineData("20sec")]
    [InlineData("-1s")]
    [InlineData("1,5s")]
    [InlineData("1e999h")]
    [InlineData("99999999999999999h")]
    [InlineData("NaNs")]
    public void Anything_else_is_none(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData(0.05, "50ms")]
    [InlineData(20, "20s")]
    [InlineData(600, "10m")]
    [InlineData(7200, "2h")]
    public void It_is_written_in_the_unit_that_is_shortest(double seconds, string text) =>
        Assert.Equal(text, DurationText.Format(TimeSpan.FromSeconds(seconds)));
}
