using System.Globalization;
using Fleet.Domain.Reasons;
using Fleet.Domain.Text;

namespace Fleet.Campaigns.Results;

/// <summary>Looks at the values of one document, and keeps the first that is impossible.</summary>
internal sealed class ValueCheck
{
    /// <summary>11 days.</summary>
    public const double MaxMicroseconds = 1e12;

    public const double MaxBytes = 1L << 50;
    public const double MaxCount = 1e15;

    /// <summary>The field and what is wrong with it; null while nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>False, and a fault, where it is null.</summary>
    public bool Has(string field, object? value)
    {
        if (value is null)
        {
            Fault ??= $"{field} is null";
        }

        return value is not null;
    }

    public void Number(string field, double? value, double min = 0, double max = MaxCount)
    {
        if (value is { } number && !(number >= min && number <= max))
        {
            Fault ??= string.Create(CultureInfo.InvariantCulture, $"{field} is {number:G6}, and must be from {min:G6} to {max:G6}");
        }
    }

    /// <summary>Those that are known never decrease.</summary>
    public void Ordered(double tolerance, params ReadOnlySpan<(string Field, double? Value)> values)
    {
        (string Field, double Value)? before = null;
        foreach (var (field, value) in values)
        {
            if (value is not { } number)
            {
                continue;
            }

            if (before is { } lower && lower.Value > number + tolerance)
            {
                Fault ??= string.Create(CultureInfo.InvariantCulture, $"{field} is {number:G6}, less than {lower.Field}, which is {lower.Value:G6}");
            }

            before = (field, number);
        }
    }

    /// <summary>A short text of plain characters.</summary>
    public void Name(string field, string? value, bool optional = false)
    {
        if ((value is null && optional) || !Has(field, value))
        {
            return;
        }

        if (!PlainText.IsPlain(value!, PlainText.MaxName))
        {
            Fault ??= $"{field} is longer than {PlainText.MaxName} characters, or has characters that cannot be shown";
        }
    }

    /// <summary>One of these, and nothing else.</summary>
    public void Word(string field, string? value, params ReadOnlySpan<string> known)
    {
        if (Has(field, value) && !known.Contains(value))
        {
            Fault ??= $"{field} is '{PlainText.Clean(value!, PlainText.MaxName)}', and must be {string.Join(" or ", known.ToArray())}";
        }
    }

    /// <param name="may">Whether a code may stand there.</param>
    public void Reasons(string field, IReadOnlyList<Reason>? reasons, Func<string, bool> may)
    {
        if (!Has(field, reasons))
        {
            return;
        }

        Number($"{field}, how many there are", reasons!.Count, max: MaxReasons);
        foreach (var reason in reasons)
        {
            if (!IsCode(reason.Code) || !may(reason.Code))
            {
                Fault ??= $"{field}.code is '{PlainText.Clean(reason.Code, PlainText.MaxName)}', which cannot stand there";
            }

            Number($"{field}.count", reason.Count);
            Number($"{field}.total", reason.Total);
            Ordered(0, ($"{field}.count", reason.Count), ($"{field}.total", reason.Total));
        }
    }

    /// <summary>Letters in lower case, digits and hyphens: what a reason's code is made of, also one that only a newer agent knows.</summary>
    private static bool IsCode(string code) =>
        code.Length is > 0 and <= MaxCode && code.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private const int MaxCode = 64;
    private const int MaxReasons = 256;
}
