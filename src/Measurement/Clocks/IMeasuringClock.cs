namespace Fleet.Measurement.Clocks;

/// <summary>
/// The one clock of a session. A virtual one lets a session of minutes run in a test in no time: what is simulated moves it on.
/// </summary>
public interface IMeasuringClock
{
    /// <summary>Ticks a second of <see cref="Timestamp"/>.</summary>
    long Frequency { get; }

    /// <summary>A monotonic reading in ticks. Called in the timed loop: must not allocate.</summary>
    long Timestamp();

    /// <summary>Lets time pass without load, so that a board can cool.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    void Wait(TimeSpan time, CancellationToken cancel);
}
