using Fleet.Domain.Text;

namespace Fleet.Domain.Tests.Text;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("Raspberry Pi 4 Model B Rev 1.4")]
    [InlineData("größer als 90 °C, 測定")]
    [InlineData("a pair: 😀")]
    [InlineData("")]
    public void Text_that_can_be_shown_stays_as_it_is(string text)
    {
        Assert.True(PlainText.IsPlain(text, 100));
        Assert.Same(text, PlainText.Clean(text, 100));
    }

    [Theory]
    [InlineData("red \u001b[31m", "red \uFFFD[31m")]
    [InlineData("a\r\nb\tc", "a  b c")]
    [InlineData("txt\u202Efdp", "txt\uFFFDfdp")]
    [InlineData("\u2066x\u2069", "\uFFFDx\uFFFD")]
    [InlineData("zero\u200Bwidth\uFEFF\u200F", "zero\uFFFDwidth\uFFFD\uFFFD")]
    [InlineData("c1 \u009b2J del \u007f", "c1 \uFFFD2J del \uFFFD")]
    [InlineData("line\u2028break", "line\uFFFDbreak")]
    [InlineData("arabic\u061Cmark", "arabic\uFFFDmark")]
    [InlineData("word\u2060joiner, soft\u00ADhyphen", "word\uFFFDjoiner, soft\uFFFDhyphen")]
    [InlineData("a tag \U000E0041", "a tag \uFFFD\uFFFD")]
    public void What_acts_on_a_terminal_or_deceives_a_reader_is_replaced(string text, string clean)
    {
        Assert.False(PlainText.IsPlain(text, 100));
        Assert.Equal(clean, PlainText.Clean(text, 100));
        Assert.True(PlainText.IsPlain(clean, 100));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_no_character()
    {
        Assert.Equal("\uFFFD", PlainText.Clean("\ud800", 100));
        Assert.Equal("\uFFFDx", PlainText.Clean("\udc00x", 100));
    }

    [Fact]
    public void What_is_too_long_is_cut_and_says_so()
    {
        Assert.Equal("xxxx [cut: 3000000 characters]", PlainText.Clean(new string('x', 3_000_000), 4));
        Assert.Equal("xxx\uFFFD [cut: 6 characters]", PlainText.Clean("xxx😀x", 4));
    }
}
