namespace Fleet.Campaigns.Running;

/// <param name="Resumed">An unfinished campaign of the same content was taken up again, or, of a suite's, a completed one was there.</param>
/// <param name="Complete">It was there and has nothing left to do.</param>
public sealed record Submitted(string Campaign, bool Resumed, bool Complete = false);
