using Fleet.DeviceAgent.Worker;
using Fleet.Domain.Measuring;

namespace Fleet.DeviceAgent.Tests.Worker;

public sealed class ConditionTextTests
{
    [Theory]
    [InlineData("window burst as-is")]
    [InlineData("streaming burst performance cores=little")]
    [InlineData("window burst as-is cores=3")]
    public void A_condition_is_read_as_it_was_written(string text) => Assert.Equal(text, ConditionText.Of(ConditionText.Parse(text)));

    [Fact]
    public void Every_axis_is_written()
    {
        var condition = new Condition(InferenceMode.Streaming, MeasuringPhase.Burst, ClockPolicy.Performance) { Cores = CoreChoice.Big };

        Assert.Equal(condition, ConditionText.Parse(ConditionText.Of(condition)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("window burst")]
    [InlineData("window burst turbo")]
    [InlineData("window burst as-is cores")]
    [InlineData("window burst as-is cores=huge")]
    [InlineData("window burst as-is voltage=low")]
    public void What_is_no_condition_is_refused(string text) => Assert.Throws<FormatException>(() => ConditionText.Parse(text));
}
