using Fleet.Reports.Quantities;

namespace Fleet.Reports.Tests.Quantities;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0.5, "0.50 µs")]
    [InlineData(9.996, "10.0 µs")]
    [InlineData(83.42, "83.4 µs")]
    [InlineData(999.4, "999 µs")]
    [InlineData(1234.0, "1.23 ms")]
    [InlineData(2_500_000.0, "2.50 s")]
    [InlineData(null, "-")]
    public void Latency_has_three_digits_and_a_unit(double? value, string text) => Assert.Equal(text, Quantity.Microseconds(value));

    [Fact]
    public void Both_ends_of_an_interval_have_the_unit_of_the_upper_one() => Assert.Equal("0.99-1.01 ms", Quantity.MicrosecondsBetween(990, 1010));

    [Theory]
    [InlineData(512L, "512 B")]
    [InlineData(80_512L, "80.5 kB")]
    [InlineData(4_000_000_000L, "4.00 GB")]
    [InlineData(null, "-")]
    public void Sizes_are_decimal(long? value, string text) => Assert.Equal(text, Quantity.Bytes(value));

    [Theory]
    [InlineData(0.0, "0 s")]
    [InlineData(44.2, "45 s")]
    [InlineData(59.5, "1 min")]
    [InlineData(200.0, "3 min 20 s")]
    [InlineData(7500.0, "2 h 5 min")]
    [InlineData(200_000.0, "2 d 7 h")]
    [InlineData(-3.0, "0 s")]
    public void Durations_have_the_two_units_that_matter(double seconds, string text) => Assert.Equal(text, Quantity.Duration(seconds));
}
