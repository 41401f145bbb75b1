using Fleet.Domain.Measuring;

namespace Fleet.Measurement.Sessions;

/// <summary>What one session measures: variants side by side, in each mode.</summary>
public sealed record SessionPlan
{
    public required IReadOnlyList<SessionVariant> Variants { get; init; }

    /// <summary>Key of the variant that the others are compared with.</summary>
    public required string Reference { get; init; }

    /// <summary>Measured one after the other; each is a condition with rounds of its own.</summary>
    public required IReadOnlyList<InferenceMode> Modes { get; init; }

    /// <summary>Decides the rounds' order and which outputs are checked.</summary>
    public required ulong Seed { get; init; }

    public ProtocolSettings Settings { get; init; } = new();

    /// <summary>What pinning the measuring thread achieved, to be told with the results.</summary>
    public PinResult? Pin { get; init; }

    /// <exception cref="ArgumentException">The plan cannot be measured; the message says why.</exception>
    public void Check()
    {
        Settings.Check();
        if (Variants.Count == 0)
        {
            throw new ArgumentException("A session needs a variant.");
        }

        if (Variants.Select(variant => variant.Key).Distinct().Count() != Variants.Count)
        {
            throw new ArgumentException("Two variants of the session have the same key.");
        }

        if (Variants.All(variant => variant.Key != Reference))
        {
            throw new ArgumentException($"The reference {Reference} is not among the session's variants.");
        }

        if (Modes.Count == 0 || Modes.Distinct().Count() != Modes.Count)
        {
            throw new ArgumentException("A session needs at least one mode, and each once.");
        }
    }
}

/// <summary>A variant of a session.</summary>
/// <param name="Key">What results name it by.</param>
/// <param name="Name">Short name for people.</param>
/// <param name="Load">
/// Loads the model anew. Called once more than there are modes, for the first inference of each load is timed as the cold one.
/// An exception fails this variant's runs with its message, and no others'.
/// </param>
public sealed record SessionVariant(string Key, string Name, Func<IMeasuredModel> Load);
