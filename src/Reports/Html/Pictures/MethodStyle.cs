using Fleet.Domain.Recipes;
using Fleet.Reports.Html.Writing;

namespace Fleet.Reports.Html.Pictures;

/// <summary>
/// A method's colour and mark. Both differ, so that neither colour-blind eyes nor a grey print lose one. The same method in int8 has
/// a ring about its mark.
/// </summary>
internal static class MethodStyle
{
    /// <summary>The colour comes from the style sheet, which knows whether the page is dark.</summary>
    public static string Class(string method) => method is "dense" or "hmd" or "lmf" or "pruned" ? $"m-{method}" : "m-other";

    public static Markup Shape(string method, string precision, double x, double y, double size)
    {
        Markup ring = precision == Precisions.Fp32 ? Markup.Empty : Markup.Of($"""<circle class="ring" cx="{x}" cy="{y}" r="{size + 3}"/>""");
        return Markup.Of($"{Shape(method, x, y, size)}{ring}");
    }

    private static Markup Shape(string method, double x, double y, double size) => method switch
    {
        "dense" => Markup.Of($"""<rect x="{x - size + 0.5}" y="{y - size + 0.5}" width="{(2 * size) - 1}" height="{(2 * size) - 1}"/>"""),
        "hmd" => Markup.Of($"""<circle cx="{x}" cy="{y}" r="{size}"/>"""),
        "lmf" => Markup.Of($"""<path d="M{x} {y - size - 0.5}l{size + 0.5} {(2 * size) - 0.5}h{-2 * (size + 0.5)}z"/>"""),
        "pruned" => Markup.Of($"""<path d="M{x} {y - size - 1}l{size + 1} {size + 1}l{-size - 1} {size + 1}l{-size - 1} {-size - 1}z"/>"""),
        _ => Markup.Of($"""<path d="M{x} {y + size + 0.5}l{size + 0.5} {-(2 * size) + 0.5}h{-2 * (size + 0.5)}z"/>"""),
    };

    /// <summary>The mark as a small picture beside a name.</summary>
    public static Markup Symbol(string method, string precision) => Markup.Of(
        $"""<svg class="symbol {Class(method)}" viewBox="0 0 14 14" aria-hidden="true">{Shape(method, precision, 7, 7, Radius(precision))}</svg>""");

    /// <summary>A mark of less than fp32 has a ring around it, and is smaller for that.</summary>
    private static double Radius(string precision) => precision == Precisions.Fp32 ? 5 : 3.2;
}
