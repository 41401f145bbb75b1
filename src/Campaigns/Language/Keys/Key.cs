using System.Globalization;
using System.Numerics;

namespace Fleet.Campaigns.Language.Keys;

/// <summary>
/// A key of a campaign file. Readers take values by keys alone, and a <see cref="KeySection"/> alone makes them: so none exists that the
/// reference of the file (docs/campaign-files.md) lacks, and default and range stand there as they are applied.
/// </summary>
internal class Key
{
    protected internal Key(string name, string type, string fallback, string range, KeyText text) =>
        (Name, Type, Default, Range, Text) = (name, type, fallback, range, text);

    public string Name { get; }

    /// <summary>As a person calls it: whole number, duration, list of words.</summary>
    public string Type { get; }

    /// <summary>What holds where the key is left out.</summary>
    public string Default { get; }

    /// <summary>Which values are taken; empty where the meaning says it.</summary>
    public string Range { get; }

    public KeyText Text { get; }

    /// <summary>The name, for messages.</summary>
    public sealed override string ToString() => Name;

    protected static string From(IFormattable min, IFormattable max) =>
        $"{min.ToString(null, CultureInfo.InvariantCulture)} to {max.ToString(null, CultureInfo.InvariantCulture)}";
}

/// <summary>What a person reads of a key.</summary>
/// <param name="Meaning">A sentence, or two.</param>
/// <param name="Example">As it stands in a file.</param>
/// <param name="Unit">Of a number; empty where there is none, or where the value has its own.</param>
internal sealed record KeyText(string Meaning, string Example, string Unit = "");

internal sealed class NumberKey<T>(string name, string type, string without, T fallback, T min, T max, KeyText text)
    : Key(name, type, without, From(min, max), text)
    where T : struct, INumber<T>
{
    /// <summary>The default; of a key without one, what stands for a value that is wrong.</summary>
    public T Fallback { get; } = fallback;

    public T Min { get; } = min;

    public T Max { get; } = max;
}

internal sealed class DurationKey(string name, string without, TimeSpan fallback, TimeSpan min, TimeSpan max, KeyText text)
    : Key(name, "duration", without, $"{DurationText.Format(min)} to {DurationText.Format(max)}", text)
{
    public TimeSpan Fallback { get; } = fallback;

    public TimeSpan Min { get; } = min;

    public TimeSpan Max { get; } = max;
}

internal sealed class ChoiceKey(string name, string type, string without, IReadOnlyList<string> known, KeyText text)
    : Key(name, type, without, string.Join(", ", known), text)
{
    public IReadOnlyList<string> Known { get; } = known;
}

internal sealed class BooleanKey(string name, bool fallback, KeyText text) : Key(name, "true or false", fallback ? "true" : "false", "", text)
{
    public bool Fallback { get; } = fallback;
}
