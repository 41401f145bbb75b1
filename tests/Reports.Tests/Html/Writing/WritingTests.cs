using Fleet.Reports.Html.Writing;
using Fleet.Statistics;

namespace Fleet.Reports.Tests.Html.Writing;

public sealed class WritingTests
{
    [Fact]
    public void Holes_are_escaped_and_literals_are_not()
    {
        string evil = "<b onload='x'>&\"";
        Assert.Equal("<i>&lt;b onload=&#39;x&#39;&gt;&amp;&quot;</i>", Markup.Of($"<i>{evil}</i>").Text);
    }

    [Fact]
    public void Markup_within_markup_is_not_escaped_twice() =>
        Assert.Equal("<p><b>&amp;</b></p>", Markup.Of($"<p>{Markup.Of($"<b>{"&"}</b>")}</p>").Text);

    [Theory]
    [InlineData(0.372149, 3, "0.372")]
    [InlineData(9.996, 3, "10.0")]
    [InlineData(148.4, 3, "148")]
    [InlineData(12345.6, 3, "12\u202f346")]
    [InlineData(0.0001234, 3, "0.000123")]
    [InlineData(0, 3, "0")]
    [InlineData(-1.5, 2, "-1.5")]
    public void Numbers_have_as_many_digits_as_were_asked_for(double value, int digits, string expected) =>
        Assert.Equal(expected, Numbers.Significant(value, digits));

    [Theory]
    [InlineData(0.4637, "0.464\u00a0µs")]
    [InlineData(55.08, "55.1\u00a0µs")]
    [InlineData(3420.4, "3.42\u00a0ms")]
    [InlineData(2_500_000, "2.50\u00a0s")]
    public void Latencies_choose_their_unit(double microseconds, string expected) => Assert.Equal(expected, Numbers.Microseconds(microseconds));

    [Theory]
    [InlineData(512, "512\u00a0B")]
    [InlineData(23480, "23.5\u00a0kB")]
    [InlineData(5L << 30, "5.37\u00a0GB")]
    public void Bytes_choose_their_unit(long bytes, string expected) => Assert.Equal(expected, Numbers.Bytes(bytes));

    [Fact]
    public void An_interval_names_a_common_unit_once()
    {
        Assert.Equal("83.8 to 86.3\u00a0%", Numbers.Interval(new Estimate(0.85, 0.838, 0.863), value => Numbers.Share(value)));
        Assert.Equal("950\u00a0µs to 1.05\u00a0ms", Numbers.Interval(new Estimate(1000, 950, 1050), Numbers.Microseconds));
        Assert.Equal("", Numbers.Interval(new Estimate(1, null, null), Numbers.Ratio));
    }
}
