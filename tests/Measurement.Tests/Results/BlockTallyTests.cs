using Fleet.Measurement.Results;

namespace Fleet.Measurement.Tests.Results;

public sealed class BlockTallyTests
{
    [Theory]
    [InlineData(Validity.Suspect)]
    [InlineData(Validity.Invalid)]
    public void What_a_tally_says_is_read_back(Validity validity)
    {
        var tally = new BlockTally(3, 16, validity, "the board throttled its clock");
        Assert.Equal(tally, BlockTally.TryParse(tally.ToString()));
    }

    [Theory]
    [InlineData("only 2 of 11 rounds could be used (time limit)")]
    [InlineData("3 of 16 blocks valid: no")]
    [InlineData("99999999999 of 16 blocks suspect: too many to count")]
    [InlineData("")]
    public void Any_other_reason_is_no_tally(string reason) => Assert.Null(BlockTally.TryParse(reason));
}
