using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Fleet.Domain.Text;

namespace Fleet.Reports.Html.Writing;

/// <summary>
/// A piece of HTML or SVG. Made of interpolated strings whose holes are escaped and made plain, unless they are markup themselves: what came from a
/// campaign file, a board or a model cannot become an element or an attribute.
/// </summary>
public readonly record struct Markup(string Text)
{
    public static Markup Empty { get; } = new("");

    /// <summary>The literal parts as they are, the holes escaped.</summary>
    public static Markup Of(MarkupHandler content) => new(content.Text);

    /// <summary>One after the other.</summary>
    public static Markup All(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.Text)));

    /// <summary>One for each item.</summary>
    public static Markup Each<T>(IEnumerable<T> items, Func<T, Markup> toMarkup) => All(items.Select(toMarkup));

    public override string ToString() => Text;
}

[InterpolatedStringHandler]
public readonly ref struct MarkupHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder text = new(literalLength + (16 * formattedCount));

    public string Text => text.ToString();

    public void AppendLiteral(string value) => text.Append(value);

    public void AppendFormatted(Markup value) => text.Append(value.Text);

    public void AppendFormatted(string? value) => text.Append(WebUtility.HtmlEncode(value is null ? null : PlainText.Clean(value, int.MaxValue)));

    public void AppendFormatted(int value) => text.Append(value.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(long value) => text.Append(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A coordinate: a tenth of a pixel is fine enough.</summary>
    public void AppendFormatted(double value) => text.Append(Math.Round(value, 1).ToString(CultureInfo.InvariantCulture));
}
