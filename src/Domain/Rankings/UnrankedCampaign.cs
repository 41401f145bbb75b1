namespace Fleet.Domain.Rankings;

/// <summary>What is to be said of a campaign of which no run could be ranked.</summary>
/// <param name="Text">That it is so, with how many runs ended how.</param>
/// <param name="Reasons">Why, the most frequent first.</param>
/// <param name="WayOut">What to do.</param>
public sealed record UnrankedCampaign(string Text, IReadOnlyList<ReasonCount> Reasons, string WayOut);

/// <summary>How many runs have a reason.</summary>
/// <param name="Code">As in a row's reasons.</param>
/// <param name="Runs">Runs that have it.</param>
/// <param name="Text">The reason in words.</param>
public sealed record ReasonCount(string Code, int Runs, string Text);
