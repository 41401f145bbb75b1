using System.Globalization;
using System.Numerics;

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
    public Place PlaceOf(string key) => Peek(key)?.At ?? At;

    /// <summary>The key's value; null where it is absent or empty.</summary>
    public YamlValue? Value(string key)
    {
        asked.Add(key);
        var value = Peek(key);
        return value is YamlText { IsNothing: true } ? null : value;
    }

    public SectionReader Section(string key)
    {
        var value = Value(key);
        if (value is not null and not YamlMap)
        {
            Problems.Add(value.At, $"'{key}' must be a section of keys, but is {value.Kind}.");
        }

        return new SectionReader(value as YamlMap, value?.At ?? At, Problems);
    }

    public string? Text(string key)
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

    /// <summary>One of a few words.</summary>
    public string Choice(string key, string fallback, params IReadOnlyList<string> known)
    {
        if (Text(key) is not { } word)
        {
            return fallback;
        }

        if (known.Contains(word))
        {
            return word;
        }

        Problems.Add(PlaceOf(key), $"'{key}' is '{word}', but must be {Words.Or(known)}.", Spelling.Suggest(word, known));
        return fallback;
    }

    public int Integer(string key, int fallback, int least, int most) => Number(Value(key), key, fallback, least, most);

    public bool Boolean(string key, bool fallback)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        Problems.Add(PlaceOf(key), $"'{key}' is '{text}', but must be true or false.");
        return fallback;
    }

    /// <summary>A whole number that may be left out.</summary>
    public int? Optional(string key, int least, int most)
    {
        var value = Value(key);
        return value is null ? null : Number(value, key, least, least, most);
    }

    /// <summary>The same for a setting that only tasks of tokens have.</summary>
    public int? OptionalOfTokens(string key, bool readsTokens, int least, int most)
    {
        if (readsTokens || Value(key) is not { } value)
        {
            return Optional(key, least, most);
        }

        Problems.Add(value.At, $"'{key}' is for tasks of tokens, which this one is not.", $"Leave '{key}' out.");
        return null;
    }

    public double Real(string key, double fallback, double least, double most) => Number(Value(key), key, fallback, least, most);

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan least, TimeSpan most)
    {
        if (Text(key) is not { } text)
        {
            return fallback;
        }

        if (!DurationText.TryParse(text, out var duration))
        {
            Problems.Add(PlaceOf(key), $"'{key}' is '{text}', but must be a duration.", $"Write {DurationText.Form}.");
            return fallback;
        }

        if (duration < least || duration > most)
        {
            Problems.Add(PlaceOf(key), $"'{key}' is {text}, but must be from {DurationText.Format(least)} to {DurationText.Format(most)}.");
            return fallback;
        }

        return duration;
    }

    /// <summary>The items of a list; one value stands for a list of one. Null where the key is absent.</summary>
    public IReadOnlyList<YamlValue>? List(string key) => Value(key) switch
    {
        null => null,
        YamlList list => list.Items,
        var one => [one],
    };

    /// <summary>A number of its own, for a list's items.</summary>
    public T Number<T>(YamlValue? value, string key, T fallback, T least, T most)
        where T : struct, INumber<T>
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        switch (value)
        {
            case null:
                return fallback;
            case YamlText { Quoted: false } text when T.TryParse(text.Text, Style, CultureInfo.InvariantCulture, out var number):
                if (number >= least && number <= most)
                {
                    return number;
                }

                Problems.Add(value.At, string.Create(CultureInfo.InvariantCulture, $"'{key}' is {text.Text}, but must be from {least} to {most}."));
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
    public YamlValue? Peek(string key) => map?.Entries.FirstOrDefault(entry => entry.Key.Text == key).Value;
}
