using Fleet.Domain.Measuring;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Language.Keys;

/// <summary>What may stand in <c>conditions</c>.</summary>
internal static class ConditionKeys
{
    public static KeySection Section { get; } = new("conditions", "How each variant is run. Every mode that is listed is a condition of its own.");

    public static ChoiceKey Modes { get; } = Section.Choices("modes", "all that the model can do", Words<InferenceMode>.All,
        new(
            "What one inference is. `window`: a whole sequence a call; `streaming`: one time step a call, the state kept between calls."
                + " A bidirectional model can do `window` only.",
            "modes: [window]"));

    public static ChoiceKey Phase { get; } = Section.Choice("phase", Words<MeasuringPhase>.All,
        new("`burst`: the device starts cool, and waits between rounds when it has become warmer (`gate_celsius`).", "phase: burst"));

    public static ChoiceKey Clock { get; } = Section.Choice("clock", Words<ClockPolicy>.All,
        new(
            "`as-is` leaves the processor's frequency governor alone; `performance` sets that governor while it measures, and puts the former one back.",
            "clock: performance"));

    public static Key Cores { get; } = Section.Free("cores", "word, number or list of them", CoreChoice.Any.ToString(), CoreChoice.Forms,
        new(
            "The core that a run is measured on. A board with two kinds of core has two speeds: each that is listed is a condition of its own. "
                + "A board that does not have what is asked for refuses the run and says why.",
            "cores: [big, little]"));

    /// <summary>The keys of the axes beyond mode, phase and clock, by their names in <see cref="Condition"/>, each with the values that it takes.</summary>
    public static IReadOnlyList<Key> Further { get; } = [Cores];
}
