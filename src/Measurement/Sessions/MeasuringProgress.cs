namespace Fleet.Measurement.Sessions;

/// <param name="Share">Of the session, 0 to 1; by rounds or by time, whichever is further.</param>
/// <param name="Activity">In plain words: <c>measuring window, round 3</c>.</param>
public sealed record MeasuringProgress(double Share, string Activity);
