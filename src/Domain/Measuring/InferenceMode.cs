namespace Fleet.Domain.Measuring;

/// <summary>What one inference is: the unit that is timed.</summary>
public enum InferenceMode
{
    /// <summary>A whole sequence a call.</summary>
    Window,

    /// <summary>One time step a call, the state kept between calls, as a sensor feeds it.</summary>
    Streaming,
}

public static class InferenceModes
{
    /// <summary>The name in campaign files, messages and result rows.</summary>
    public static string Text(this InferenceMode mode) => mode switch
    {
        InferenceMode.Window => "window",
        InferenceMode.Streaming => "streaming",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
    };

    /// <exception cref="FormatException">It is no mode's name.</exception>
    public static InferenceMode Parse(string text) => text switch
    {
        "window" => InferenceMode.Window,
        "streaming" => InferenceMode.Streaming,
        _ => throw new FormatException($"'{text}' is no mode of inference; known are: window, streaming"),
    };
}
