namespace Fleet.Domain.Recipes;

/// <summary>How the learning rate changes over a training, by the names that recipes give it.</summary>
public static class RateSchedules
{
    /// <summary>Along half a cosine to zero.</summary>
    public const string Cosine = "cosine";

    /// <summary>The same all the time.</summary>
    public const string Constant = "constant";

    /// <summary>Multiplied by a factor every few epochs.</summary>
    public const string Step = "step";

    public static IReadOnlyList<string> All { get; } = [Cosine, Constant, Step];
}
