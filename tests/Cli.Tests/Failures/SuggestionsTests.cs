using Fleet.Cli.Failures;

namespace Fleet.Cli.Tests.Failures;

public sealed class SuggestionsTests
{
    [Theory]
    [InlineData("hdm", "hmd")]
    [InlineData("HMD", "hmd")]
    [InlineData("prund", "pruned")]
    [InlineData("x", null)]
    [InlineData("something-else", null)]
    public void A_word_that_is_near_is_found_and_a_far_one_is_not(string word, string? nearest) =>
        Assert.Equal(nearest, Suggestions.Nearest(word, ["dense", "hmd", "lmf", "pruned"]));
}
