using System.Reflection;

namespace Fleet.Reports.Html.Writing;

/// <summary>The HTML around a report: one file that needs nothing else, no script, no font, no request.</summary>
internal static class Page
{
    private static readonly Markup Style = new(ReadStyle());

    public static string Of(string title, Markup body) => Markup.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="color-scheme" content="light dark">
        <title>{title}: Fleet report</title>
        <style>
        {Style}</style>
        </head>
        <body>
        <main>
        {body}
        </main>
        </body>
        </html>

        """).Text;

    private static string ReadStyle()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
