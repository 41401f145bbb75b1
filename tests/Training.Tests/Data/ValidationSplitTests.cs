using Fleet.Tasks.Data;
using Fleet.Training.Data;

namespace Fleet.Training.Tests.Data;

public sealed class ValidationSplitTests
{
    private static readonly string[] Names = ["a", "b"];

    [Fact]
    public void Each_class_gives_four_contiguous_stretches_spread_evenly_over_its_samples()
    {
        // 80 samples of one class, then 40 of the other: 8 and 4 are held back.
        var labels = new ushort[120];
        labels.AsSpan(80).Fill(1);

        var split = ValidationSplit.Of(labels, Names, 0.1);

        Assert.Equal([9, 10, 29, 30, 49, 50, 69, 70, 84, 94, 104, 114], split.Validation);
        Assert.Equal(Enumerable.Range(0, 120), split.Training.Concat(split.Validation).Order());
    }

    [Theory]
    [InlineData(2, 0.5, 1)]
    [InlineData(3, 0.01, 1)]
    [InlineData(10, 0.3, 3)]
    [InlineData(101, 0.5, 50)]
    public void The_fraction_is_kept_as_well_as_whole_samples_allow(int samples, double fraction, int held)
    {
        var labels = new ushort[samples];

        var split = ValidationSplit.Of(labels, ["a"], fraction);

        Assert.Equal(held, split.Validation.Length);
        Assert.Equal(samples - held, split.Training.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(0.51)]
    [InlineData(double.NaN)]
    public void A_fraction_out_of_range_is_refused_with_the_range(double fraction)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => ValidationSplit.Of(new ushort[10], ["a"], fraction));

        Assert.Contains("validation_fraction must be above 0 and at most 0.5", refused.Message);
    }

    [Fact]
    public void A_class_with_a_single_sample_is_refused_by_name()
    {
        Assert.Contains("Class b has one training sample", Assert.Throws<TaskDataException>(() => ValidationSplit.Of([0, 0, 1], Names, 0.1)).Message);
    }
}
