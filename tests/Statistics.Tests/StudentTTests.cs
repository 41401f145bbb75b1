namespace Fleet.Statistics.Tests;

public sealed class StudentTTests
{
    [Theory]
    [InlineData(0.975, 1, 12.706204736)]
    [InlineData(0.975, 7, 2.364624252)]
    [InlineData(0.95, 10, 1.812461123)]
    public void Quantiles_are_those_of_the_tables(double probability, int degrees, double expected) =>
        Assert.Equal(expected, StudentT.Quantile(probability, degrees), 1e-8);

    [Fact]
    public void Quantiles_agree_with_MathNet_for_all_degrees_in_use()
    {
        for (int degrees = 1; degrees <= 200; degrees++)
        {
            foreach (double probability in new[] { 0.005, 0.025, 0.3, 0.5, 0.9, 0.95, 0.975, 0.995 })
            {
                double expected = MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, degrees, probability);
                Assert.Equal(expected, StudentT.Quantile(probability, degrees), 1e-7 * Math.Max(1, Math.Abs(expected)));
            }
        }
    }

    [Fact]
    public void A_probability_or_degrees_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Quantile(1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Quantile(double.NaN, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Quantile(0.5, 0));
    }
}
