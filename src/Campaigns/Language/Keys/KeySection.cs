using System.Globalization;

namespace Fleet.Campaigns.Language.Keys;

/// <summary>The keys that may stand in one section of a campaign file, in the order in which people read of them.</summary>
/// <param name="title">Where the section stands, for the reference.</param>
/// <param name="meaning">What it is about.</param>
internal sealed class KeySection(string title, string meaning)
{
    /// <summary>Default of a key that must be there.</summary>
    public const string Required = "required";

    private readonly List<Key> all = [];

    public string Title { get; } = title;

    public string Meaning { get; } = meaning;

    public IReadOnlyList<Key> All => all;

    /// <summary>A key with a form of its own, which its reader checks.</summary>
    public Key Free(string name, string type, string fallback, string range, KeyText text) => Add(new Key(name, type, fallback, range, text));

    public NumberKey<int> Integer(string name, int fallback, int min, int max, KeyText text) =>
        Add(new NumberKey<int>(name, "whole number", fallback.ToString(CultureInfo.InvariantCulture), fallback, min, max, text));

    /// <param name="without">What holds where it is left out.</param>
    public NumberKey<int> OptionalInteger(string name, string without, int min, int max, KeyText text) =>
        Add(new NumberKey<int>(name, "whole number", without, min, min, max, text));

    public NumberKey<double> Real(string name, double fallback, double min, double max, KeyText text) =>
        Add(new NumberKey<double>(name, "number", fallback.ToString(CultureInfo.InvariantCulture), fallback, min, max, text));

    /// <param name="without">What holds where it is left out.</param>
    /// <param name="fallback">What the reader gets then.</param>
    public NumberKey<double> OptionalReal(string name, string without, double fallback, double min, double max, KeyText text) =>
        Add(new NumberKey<double>(name, "number", without, fallback, min, max, text));

    /// <param name="fallback">What stands for an item that is wrong.</param>
    public NumberKey<double> Reals(string name, string without, double fallback, double min, double max, KeyText text) =>
        Add(new NumberKey<double>(name, "number or list of numbers", without, fallback, min, max, text));

    /// <param name="fallback">What stands for an item that is wrong.</param>
    public NumberKey<long> Integers(string name, string without, long fallback, long min, long max, KeyText text) =>
        Add(new NumberKey<long>(name, "whole number or list of them", without, fallback, min, max, text));

    public DurationKey Duration(string name, TimeSpan fallback, TimeSpan min, TimeSpan max, KeyText text) =>
        Add(new DurationKey(name, DurationText.Format(fallback), fallback, min, max, text));

    /// <param name="without">What holds where it is left out.</param>
    public DurationKey OptionalDuration(string name, string without, TimeSpan min, TimeSpan max, KeyText text) =>
        Add(new DurationKey(name, without, TimeSpan.Zero, min, max, text));

    /// <param name="known">The first is the default.</param>
    public ChoiceKey Choice(string name, IReadOnlyList<string> known, KeyText text) => Add(new ChoiceKey(name, "word", known[0], known, text));

    /// <param name="without">What holds where it is left out.</param>
    public ChoiceKey OptionalChoice(string name, string without, IReadOnlyList<string> known, KeyText text) =>
        Add(new ChoiceKey(name, "word", without, known, text));

    /// <param name="without">What holds where it is left out.</param>
    public ChoiceKey Choices(string name, string without, IReadOnlyList<string> known, KeyText text) =>
        Add(new ChoiceKey(name, "word or list of words", without, known, text));

    public BooleanKey Boolean(string name, bool fallback, KeyText text) => Add(new BooleanKey(name, fallback, text));

    private T Add<T>(T key)
        where T : Key
    {
        all.Add(key);
        return key;
    }
}
