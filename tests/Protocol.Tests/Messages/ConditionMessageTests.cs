using Fleet.Domain.Measuring;
using Fleet.Protocol.Messages;
using Fleet.Protocol.V1;

namespace Fleet.Protocol.Tests.Messages;

public sealed class ConditionMessageTests
{
    [Theory]
    [InlineData("any")]
    [InlineData("big")]
    [InlineData("7")]
    public void A_condition_comes_back_as_it_was_sent(string cores)
    {
        Assert.True(CoreChoice.TryParse(cores, out var choice));
        var sent = new Condition(InferenceMode.Streaming, MeasuringPhase.Burst, ClockPolicy.Performance) { Cores = choice };

        var message = ConditionMessages.ToMessage("r", sent);

        Assert.Equal(("r", "streaming", "burst", "performance"), (message.Run, message.Mode, message.Phase, message.Clock));
        Assert.Equal(cores == "any" ? 0 : 1, message.Further.Count);
        Assert.Equal((sent, null), ConditionMessages.ToCondition(message));
    }

    [Theory]
    [InlineData("offline", "burst", "as-is", "", "", "This agent knows no mode 'offline', only window and streaming. Upgrade the agent.")]
    [InlineData("window", "sustained", "as-is", "", "", "This agent does not measure the phase 'sustained', only burst.")]
    [InlineData("window", "burst", "turbo", "", "", "This agent knows no clock setting 'turbo', only as-is and performance. Upgrade the agent.")]
    [InlineData("window", "burst", "as-is", "cores", "huge", "This agent knows no setting 'cores: huge'.")]
    [InlineData("window", "burst", "as-is", "voltage", "low", "This agent knows no setting 'voltage: low'. Upgrade the agent, or leave 'voltage' out")]
    public void What_an_agent_cannot_do_is_said_with_the_way_out(string mode, string phase, string clock, string axis, string value, string fault)
    {
        var message = new LeasedRun { Run = "r", Mode = mode, Phase = phase, Clock = clock };
        if (axis.Length > 0)
        {
            message.Further.Add(axis, value);
        }

        var (condition, said) = ConditionMessages.ToCondition(message);

        Assert.Null(condition);
        Assert.StartsWith(fault, said, StringComparison.Ordinal);
    }
}
