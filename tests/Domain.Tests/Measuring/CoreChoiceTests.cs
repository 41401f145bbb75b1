using System.Text.Json;
using Fleet.Domain.Measuring;

namespace Fleet.Domain.Tests.Measuring;

public sealed class CoreChoiceTests
{
    [Theory]
    [InlineData("any", null)]
    [InlineData("big", null)]
    [InlineData("little", null)]
    [InlineData("0", 0)]
    [InlineData("1023", 1023)]
    public void A_choice_is_spelled_as_it_was_read(string text, int? number)
    {
        Assert.True(CoreChoice.TryParse(text, out var choice));
        Assert.Equal((text, number), (choice.ToString(), choice.Number));
        Assert.Equal(choice, JsonSerializer.Deserialize<CoreChoice>(JsonSerializer.Serialize(choice)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Big")]
    [InlineData("-1")]
    [InlineData("1024")]
    [InlineData("+1")]
    [InlineData("1.0")]
    public void Anything_else_is_no_choice(string? text) => Assert.False(CoreChoice.TryParse(text, out _));

    [Fact]
    public void A_number_with_zeros_before_it_is_the_same_core()
    {
        Assert.True(CoreChoice.TryParse("007", out var choice));
        Assert.Equal("7", choice.ToString());
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"huge\"")]
    [InlineData("null")]
    public void Json_that_is_no_choice_is_an_error_that_names_the_forms(string json) =>
        Assert.Contains(CoreChoice.Forms, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CoreChoice>(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_not_said_is_any() => Assert.Equal(CoreChoice.Any, default);
}
