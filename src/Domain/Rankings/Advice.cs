namespace Fleet.Domain.Rankings;

/// <summary>Which variant to ship, or why that cannot be said.</summary>
/// <param name="Kind"><see cref="AdviceKinds"/></param>
/// <param name="Variant">Short name of what to ship; null where that cannot be said.</param>
/// <param name="Text">In one or a few sentences.</param>
public sealed record Advice(string Kind, string? Variant, string Text);

/// <summary>As <see cref="Advice.Kind"/> spells them.</summary>
public static class AdviceKinds
{
    /// <summary>A variant that is faster than the reference and loses nothing.</summary>
    public const string Ship = "ship";

    /// <summary>The reference: nothing is faster, or what is faster loses more than the margin.</summary>
    public const string Keep = "keep";

    /// <summary>The intervals allow both.</summary>
    public const string Undecided = "undecided";

    /// <summary>The board is emulated, the reference is missing or invalid, or nothing has a valid latency.</summary>
    public const string NotRanked = "not-ranked";
}
