using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Domain.Text;

namespace Fleet.Domain.Tests.Text;

public sealed partial class WordsTests
{
    [Fact]
    public void A_value_is_written_in_lower_case_with_hyphens()
    {
        Assert.Equal(["plain", "as-is"], Words<Sample>.All);
        Assert.Equal("as-is", Sample.AsIs.Word());
        Assert.Equal("as-is", Words<Sample>.Of(Sample.AsIs));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((Sample)7).Word());
    }

    [Fact]
    public void Only_the_words_themselves_are_read()
    {
        Assert.True(Words<Sample>.TryParse("as-is", out var value));
        Assert.Equal(Sample.AsIs, value);
        Assert.All([null, "", "1", "AsIs", "As-Is", "as-is ", "plain, as-is"], word => Assert.False(Words<Sample>.TryParse(word, out _), word));
        Assert.Equal("'fast' is none of: plain, as-is", Assert.Throws<FormatException>(() => Words<Sample>.Parse("fast")).Message);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("\"1\"")]
    [InlineData("\"fast\"")]
    [InlineData("\"\"")]
    public void In_JSON_it_is_its_word_and_nothing_else(string other)
    {
        Assert.Equal("\"as-is\"", JsonSerializer.Serialize(Sample.AsIs, SampleJson.Default.Sample));
        Assert.Equal(Sample.AsIs, JsonSerializer.Deserialize("\"as-is\"", SampleJson.Default.Sample));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(other, SampleJson.Default.Sample));
    }

    [JsonConverter(typeof(WordConverter<Sample>))]
    private enum Sample
    {
        Plain,
        AsIs,
    }

    [JsonSerializable(typeof(Sample))]
    private sealed partial class SampleJson : JsonSerializerContext;
}
