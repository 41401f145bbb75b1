using Fleet.Domain.Measuring;
using Fleet.Domain.Text;

namespace Fleet.DeviceAgent.Worker;

/// <summary>
/// A condition in the worker's plan, as one text of words: <c>window burst as-is cores=big</c>. As an object of its own, the JSON converters of its enums
/// would be in the binary of every board.
/// </summary>
internal static class ConditionText
{
    public static string Of(Condition condition) => string.Join(
        ' ',
        [condition.Mode.Word(), condition.Phase.Word(), condition.Clock.Word(), .. condition.Further.Select(axis => $"{axis.Key}={axis.Value}")]);

    /// <exception cref="FormatException">It is none.</exception>
    public static Condition Parse(string text)
    {
        if (text.Split(' ') is not [var mode, var phase, var clock, .. var further])
        {
            throw new FormatException($"'{text}' is no condition: mode, phase and clock, then further axes as name=value");
        }

        var condition = new Condition(Words<InferenceMode>.Parse(mode), Words<MeasuringPhase>.Parse(phase), Words<ClockPolicy>.Parse(clock));
        foreach (var axis in further)
        {
            condition = (axis.Split('=', 2) is [var name, var value] ? condition.With(name, value) : null)
                ?? throw new FormatException($"'{axis}' is no axis of a condition");
        }

        return condition;
    }
}
