using CsCheck;
using Fleet.Campaigns.Language;

namespace Fleet.Campaigns.Tests.Language;

public sealed class SpellingTests
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abc"], 0, 6];

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("hmd", "hdm", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("Epochs", "epochs", 0)]
    public void Distance_counts_the_least_changes(string left, string right, int expected) => Assert.Equal(expected, Spelling.Distance(left, right));

    [Fact]
    public void Distance_is_symmetric_and_zero_only_for_equal_words() => Gen.Select(Word, Word).Sample((left, right) =>
        Spelling.Distance(left, right) == Spelling.Distance(right, left) && (Spelling.Distance(left, right) == 0) == (left == right));

    [Fact]
    public void One_change_is_never_further_than_one() => Gen.Select(Word, Gen.Int[0, 6], Gen.Char["abc"]).Sample((word, place, letter) =>
        Spelling.Distance(word, word.Insert(Math.Min(place, word.Length), letter.ToString())) == 1);

    [Fact]
    public void Where_nothing_is_near_all_that_is_known_is_named() =>
        Assert.Equal("Known here: dense, hmd.", Spelling.Suggest("quantised", ["dense", "hmd"]));
}
