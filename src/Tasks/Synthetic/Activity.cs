namespace Fleet.Tasks.Synthetic;

/// <summary>What is typical of an activity, and how much people differ in it.</summary>
/// <param name="Typical">The motion of the average person.</param>
/// <param name="TiltSpread">Deviation of the tilt between bouts, in turns: people sit and lie in many ways.</param>
internal sealed record Activity(string Name, Motion Typical, double TiltSpread)
{
    /// <summary>
    /// Amplitudes and tempi are of the order that waist-worn sensors show. Neighbours overlap on purpose (the three kinds of
    /// walking in tempo and amplitude, sitting and standing in tilt), so that a model has to use the shape of the signal over time.
    /// </summary>
    public static IReadOnlyList<Activity> All { get; } =
    [
        new("walking", new Motion(new(0, 0.010, 0), 0.95, 0.24, 0.13, 0.08, 0.35, 0.50, 0.02), 0.015),
        new("walking_upstairs", new Motion(new(0, 0.035, 0), 0.82, 0.20, 0.15, 0.08, 0.25, 0.58, 0.02), 0.015),
        new("walking_downstairs", new Motion(new(0, 0.000, 0), 1.04, 0.29, 0.11, 0.11, 0.65, 0.58, 0.02), 0.015),
        new("sitting", new Motion(new(0, -0.065, 0.005), 0, 0, 0, 0, 0, 0, 0.007), 0.024),
        new("standing", new Motion(new(0, 0.005, 0), 0, 0, 0, 0, 0, 0, 0.011), 0.016),
        new("laying", new Motion(new(0, -0.240, 0.02), 0, 0, 0, 0, 0, 0, 0.005), 0.050),
    ];
}
