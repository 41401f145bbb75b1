using System.Globalization;
using System.Numerics;
using Fleet.Campaigns.Language.Keys;
using Fleet.Kernels.Structures;

namespace Fleet.Campaigns.Language;

/// <summary>
/// Takes typed values out of one section of keys. A value of a wrong type or out of range becomes a problem and its default is
/// returned, so that reading goes on; <see cref="Finish"/> reports the keys that nobody asked for.
/// </summary>
internal sealed class SectionReader(YamlMap? map, Place at, ProblemList problems)
{
    private readonly HashSet<string> asked = [];

    /// <summary>Where the section begins.</summary>
    public Place At { get; } = map?.At ?? at;

    public ProblemList Problems { get; } = problems;

    /// <summary>The place of the key's value, else that of the section.</summary>
    public Place PlaceOf(Key key) => PlaceOf(key.Name);

    /// <summary>The same of a method's parameter, by its name.</summary>
    public Place PlaceOfArgument(string name) => PlaceOf(name);

    /// <summary>The key's value; null where it is absent or empty.</summary>
    public YamlValue? Value(Key key) => Value(key.Name);

    public SectionReader Section(Key key)
    {
        var value = Value(key);
        if (value is not null and not YamlMap)
        {
            Problems.Add(value.At, $"'{key}' must be a section of keys, but is {value.Kind}.");
        }

        return new SectionReader(value as YamlMap, value?.At ?? At, Problems);
    }

    public string? Text(Key key) => Text(key.Name);

    /// <summary>What is given for a method's parameter; the method judges it.</summary>
    public string? Argument(MethodParameter parameter) => Text(parameter.Name);

    private string? Text(string key)
    {
        switch (Value(key))
        {
            case null:
                return null;
            case YamlText text:
                return text.Text;
            case var other:
                Problems.Add(other.At, $"'{key}' must be one value, but is {other.Kind}.");
                return null;
        }
    }

    /// <summary>One of a few words; the first of them where it is left out.</summary>
    public string Choice(ChoiceKey key) => Choice(key, key.Known[0], key.Known);

    /// <param name="fallback">Where it is left out.</param>
    /// <param name="known">Those of its words that are possible here.</param>
    public string Choice(ChoiceKey key, string fallback, params IReadOnlyList<string> known)
    {
        if (Text(key) is not { } word)
        {
            return fallback;
        }

        if (known.Contains(word))
        {
            return word;
        }

        Problems.Add(PlaceOf(key), $"'{key}' is '{word}', but must be {WordList.Or(known)}.", Spelling.Suggest(word, known));
        return fallback;
    }

    public int Integer(NumberKey<int> key) => Integer(key, key.Fallback);

    public int Integer(NumberKey<int> key, int fallback) => Number(Value(key), key, fallback);

    public bool Boolean(BooleanKey key)
    {
        if (Text(key) is not { } text)
        {
            return key.Fallback;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        Problems.Add(PlaceOf(key), $"'{key}' is '{text}', but must be true or false.");
        return key.Fallback;
    }

    /// <summary>A whole number that may be left out.</summary>
    public int? Optional(NumberKey<int> key) => Value(key) is { } value ? Number(value, key, key.Fallback) : null;

    /// <summary>The same for a setting that only tasks of tokens have.</summary>
    public int? OptionalOfTokens(NumberKey<int> key, bool readsTokens)
    {
        if (readsTokens || Value(key) is not { } value)
        {
            return Optional(key);
        }

        Problems.Add(value.At, $"'{key}' is for tasks of tokens, which this one is not.", $"Leave '{key}' out.");
        return null;
    }

    public double Real(NumberKey<double> key) => Real(key, key.Fallback);

    public double Real(NumberKey<double> key, double fallback) => Number(Value(key), key, fallback);

    public TimeSpan Duration(DurationKey key)
    {
        if (Text(key) is not { } text)
        {
            return key.Fallback;
        }

        if (!DurationText.TryParse(text, out var duration))
        {
            Problems.Add(PlaceOf(key), $"'{key}' is '{text}', but must be a duration.", $"Write {DurationText.Form}.");
            return key.Fallback;
        }

        if (duration < key.Min || duration > key.Max)
        {
            Problems.Add(PlaceOf(key), $"'{key}' is {text}, but must be from {DurationText.Format(key.Min)} to {DurationText.Format(key.Max)}.");
            return key.Fallback;
        }

        return duration;
    }

    /// <summary>The items of a list; one value stands for a list of one. Null where the key is absent.</summary>
    public IReadOnlyList<YamlValue>? List(Key key) => Value(key) switch
    {
        null => null,
        YamlList list => list.Items,
        var one => [one],
    };

    /// <summary>A list's item.</summary>
    public T Item<T>(YamlValue item, NumberKey<T> key)
        where T : struct, INumber<T> => Number(item, key, key.Fallback);

    private T Number<T>(YamlValue? value, NumberKey<T> key, T fallback)
        where T : struct, INumber<T>
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        switch (value)
        {
            case null:
                return fallback;
            case YamlText { Quoted: false } text when T.TryParse(text.Text, Style, CultureInfo.InvariantCulture, out var number):
                if (number >= key.Min && number <= key.Max)
                {
                    return number;
                }

                Problems.Add(value.At, string.Create(CultureInfo.InvariantCulture, $"'{key}' is {text.Text}, but must be from {key.Min} to {key.Max}."));
                return fallback;
            default:
                Problems.Add(value.At, $"'{key}' must be {(fallback is double ? "a number" : "a whole number")}, but is {value.Kind}.");
                return fallback;
        }
    }

    /// <summary>Reports every key that was not asked for, with the nearest one that was.</summary>
    public void Finish(string place)
    {
        foreach (var (key, _) in map?.Entries ?? [])
        {
            if (!asked.Contains(key.Text))
            {
                Problems.Add(key.At, $"Unknown key '{key.Text}' in {place}.", Spelling.Suggest(key.Text, asked));
            }
        }
    }

    /// <summary>A value that may yet turn out to be unknown: <see cref="Finish"/> tells of it all the same.</summary>
    public YamlValue? Peek(Key key) => Peek(key.Name);

    private Place PlaceOf(string key) => Peek(key)?.At ?? At;

    private YamlValue? Value(string key)
    {
        asked.Add(key);
        var value = Peek(key);
        return value is YamlText { IsNothing: true } ? null : value;
    }

    private YamlValue? Peek(string key) => map?.Entries.FirstOrDefault(entry => entry.Key.Text == key).Value;
}
