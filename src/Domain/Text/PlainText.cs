using System.Globalization;
using System.Text;

namespace Fleet.Domain.Text;

/// <summary>
/// Text that another program sent, made fit to be stored and shown: bounded, in one line, and without characters that act on a terminal
/// or deceive a reader (control characters and escape sequences, bidirectional overrides, characters of no width, halves of surrogates).
/// </summary>
public static class PlainText
{
    /// <summary>Of a name or an identifier.</summary>
    public const int MaxName = 256;

    /// <summary>Of an explanation, for instance how a worker died.</summary>
    public const int MaxDetail = 4096;

    private const char Replacement = '\uFFFD';

    /// <summary>It is no longer than this, and nothing in it would be replaced.</summary>
    public static bool IsPlain(string text, int maxLength)
    {
        if (text.Length > maxLength)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (!CanBeShown(text, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Line breaks and tabs become spaces, other characters that are not plain U+FFFD; what is too long is cut, and says so.</summary>
    public static string Clean(string text, int maxLength)
    {
        if (IsPlain(text, maxLength))
        {
            return text;
        }

        var kept = Math.Min(text.Length, maxLength);
        var clean = new StringBuilder(kept + 32);
        for (var i = 0; i < kept; i++)
        {
            var isCutPair = i + 1 == kept && char.IsHighSurrogate(text[i]);
            clean.Append(CanBeShown(text, i) && !isCutPair ? text[i] : text[i] is '\n' or '\r' or '\t' ? ' ' : Replacement);
        }

        return kept == text.Length ? clean.ToString() : clean.Append(CultureInfo.InvariantCulture, $" [cut: {text.Length} characters]").ToString();
    }

    /// <summary>Each line made plain, however long; the line breaks stay.</summary>
    public static string CleanLines(string text) =>
        text.Contains('\n', StringComparison.Ordinal) ? string.Join('\n', text.Split('\n').Select(CleanLine)) : CleanLine(text);

    private static string CleanLine(string line) => Clean(line, int.MaxValue);

    private static bool CanBeShown(string text, int place)
    {
        var letter = text[place];
        if (letter is >= ' ' and <= '~')
        {
            return true;
        }

        if (!char.IsSurrogate(letter))
        {
            return CanBeShown(CharUnicodeInfo.GetUnicodeCategory(letter));
        }

        var first = char.IsLowSurrogate(letter) ? place - 1 : place;
        return first >= 0 && char.IsSurrogatePair(text, first) && CanBeShown(CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(text, first)));
    }

    // Format: bidirectional marks, joiners, soft hyphens, tags; nothing of it has a shape of its own.
    private static bool CanBeShown(UnicodeCategory category) => category is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}
