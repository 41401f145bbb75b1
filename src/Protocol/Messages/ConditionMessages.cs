using Fleet.Domain.Measuring;
using Fleet.Domain.Text;
using Fleet.Protocol.V1;

namespace Fleet.Protocol.Messages;

/// <summary>A run's condition in a lease.</summary>
public static class ConditionMessages
{
    public static LeasedRun ToMessage(string run, Condition condition)
    {
        var message = new LeasedRun { Run = run, Mode = condition.Mode.Word(), Phase = condition.Phase.Word(), Clock = condition.Clock.Word() };
        foreach (var (axis, value) in condition.Further)
        {
            message.Further.Add(axis, value);
        }

        return message;
    }

    /// <summary>The condition, or why this agent cannot measure under it: a silo that is newer knows more of them.</summary>
    public static (Condition? Condition, string? Fault) ToCondition(LeasedRun run)
    {
        if (!Words<InferenceMode>.TryParse(run.Mode, out var mode))
        {
            return (null, $"This agent knows no mode '{run.Mode}', only {string.Join(" and ", Words<InferenceMode>.All)}. Upgrade the agent.");
        }

        if (!Words<MeasuringPhase>.TryParse(run.Phase, out var phase))
        {
            return (null, $"This agent does not measure the phase '{run.Phase}', only burst. Upgrade the agent, or ask for phase burst.");
        }

        if (!Words<ClockPolicy>.TryParse(run.Clock, out var clock))
        {
            return (null, $"This agent knows no clock setting '{run.Clock}', only {string.Join(" and ", Words<ClockPolicy>.All)}. Upgrade the agent.");
        }

        var condition = new Condition(mode, phase, clock);
        foreach (var (axis, value) in run.Further)
        {
            if (condition.With(axis, value) is not { } next)
            {
                return (null, $"This agent knows no setting '{axis}: {value}'. Upgrade the agent, or leave '{axis}' out of the campaign's conditions.");
            }

            condition = next;
        }

        return (condition, null);
    }
}
