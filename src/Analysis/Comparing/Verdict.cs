namespace Fleet.Analysis.Comparing;

public enum VerdictKind
{
    /// <summary>What the others are compared with.</summary>
    Reference,
    /// <summary>The difference is within the margin.</summary>
    Same,
    Faster,
    Slower,
    /// <summary>The interval allows both a difference and none.</summary>
    Inconclusive,
}

/// <summary>What a ratio to the reference says.</summary>
/// <param name="Kind">The word for it.</param>
/// <param name="MoreRounds">Where inconclusive: about how many rounds more would settle it, if the spread stays as it is; null if nobody can say.</param>
public sealed record Verdict(VerdictKind Kind, int? MoreRounds = null)
{
    public static Verdict Reference { get; } = new(VerdictKind.Reference);

    /// <summary>As in result tables: reference | same | faster | slower | inconclusive.</summary>
    public string Text => Kind.ToString().ToLowerInvariant();
}
