namespace Fleet.Domain.Measuring;

/// <summary>What one inference is: the unit that is timed.</summary>
public enum InferenceMode
{
    /// <summary>A whole sequence a call.</summary>
    Window,

    /// <summary>One time step a call, the state kept between calls, as a sensor feeds it.</summary>
    Streaming,
}
