using Fleet.Measurement.Turns;

namespace Fleet.Measurement.Tests.Turns;

public sealed class OutputDifferenceTests
{
    [Fact]
    public void The_greatest_difference_counts_whichever_is_larger() =>
        Assert.Equal(2.5, OutputDifference.Greatest([1, -2, 3], [1.5f, 0.5f, 2]));

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Outputs_of_different_lengths_are_not_compared(int length) =>
        Assert.Contains($"Fleet gives 3 values, the other runtime {length}", Refusal(new float[3], new float[length]), StringComparison.Ordinal);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void An_output_that_is_no_finite_number_is_named(float value)
    {
        Assert.Contains("value 1 is", Refusal([1, value], [1, 1]), StringComparison.Ordinal);
        Assert.Contains("on the other runtime", Refusal([1, 1], [1, value]), StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => OutputDifference.Greatest([value, 1], [value, 1]));
    }

    private static string Refusal(float[] own, float[] other) =>
        Assert.Throws<InvalidDataException>(() => OutputDifference.Greatest(own, other)).Message;
}
