using Fleet.Cli.Terminals;
using Fleet.Reports.Terminal;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Tests.Support;

/// <summary>Draws a view as a pipe of some width would get it.</summary>
internal static class Drawing
{
    public static string Draw(int width, Func<int, IReadOnlyList<TextBlock>> view) => Draw(width, columns => view(columns).Draw());

    public static string Draw(int width, Func<int, IRenderable> view)
    {
        using var text = new StringWriter();
        var terminal = new Terminal { Out = text, Error = text, OutIsTerminal = false, ErrorIsTerminal = false, Size = () => (width, 24) };
        var console = terminal.OutConsole();
        console.Profile.Width = width;
        console.Write(view(width));
        return string.Concat(text.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd() + "\n"));
    }
}
