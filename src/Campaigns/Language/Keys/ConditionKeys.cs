namespace Fleet.Campaigns.Language.Keys;

/// <summary>What may stand in <c>conditions</c>.</summary>
internal static class ConditionKeys
{
    public const string Window = "window";

    public static KeySection Section { get; } = new("conditions", "How each variant is run. Every mode that is listed is a condition of its own.");

    public static ChoiceKey Modes { get; } = Section.Choices("modes", "all that the model can do", [Window, "streaming"],
        new(
            "What one inference is. `window`: a whole sequence a call; `streaming`: one time step a call, the state kept between calls."
                + " A bidirectional model can do `window` only.",
            "modes: [window]"));

    public static ChoiceKey Phase { get; } = Section.Choice("phase", ["burst"],
        new("`burst`: the device starts cool, and waits between rounds when it has become warmer (`gate_celsius`).", "phase: burst"));

    public static ChoiceKey Clock { get; } = Section.Choice("clock", ["as-is", "performance"],
        new(
            "`as-is` leaves the processor's frequency governor alone; `performance` sets that governor while it measures, and puts the former one back.",
            "clock: performance"));
}
