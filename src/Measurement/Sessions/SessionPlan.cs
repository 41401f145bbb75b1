using Fleet.Domain.Measuring;

namespace Fleet.Measurement.Sessions;

/// <summary>What one session measures: variants side by side, in each mode.</summary>
public sealed record SessionPlan
{
    public required IReadOnlyList<MeasuredVariant> Variants { get; init; }

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
