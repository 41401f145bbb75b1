using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Fleet.Domain.Text;

/// <summary>
/// The words of an enum, as files, messages, rows and logs spell them: its names in lower case, with hyphens between their parts
/// (<c>AsIs</c> is <c>as-is</c>).
/// </summary>
public static class Words<T>
    where T : struct, Enum
{
    private static readonly T[] Values = Enum.GetValues<T>();

    /// <summary>In the order of their values.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Values.Select(value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()))];

    /// <exception cref="ArgumentOutOfRangeException">It is none of the enum's values.</exception>
    public static string Of(T value)
    {
        var index = Array.IndexOf(Values, value);
        return index >= 0 ? All[index] : throw new ArgumentOutOfRangeException(nameof(value), value, $"it is no {typeof(T).Name}");
    }

    /// <summary>Only the words themselves are read: no number, and no capitals.</summary>
    public static bool TryParse([NotNullWhen(true)] string? word, out T value)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i] == word)
            {
                value = Values[i];
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <exception cref="FormatException">It is none of the words; the message names them.</exception>
    public static T Parse(string word) => TryParse(word, out var value)
        ? value
        : throw new FormatException($"'{word}' is none of: {string.Join(", ", All)}");
}

public static class WordExtensions
{
    /// <summary>The value as files, messages, rows and logs spell it.</summary>
    public static string Word<T>(this T value)
        where T : struct, Enum => Words<T>.Of(value);
}
