using Fleet.Domain.Text;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Terminals;

/// <summary>
/// The last door before a terminal: whatever a row, a file or a silo brought in, nothing of it acts on the terminal or deceives its reader.
/// </summary>
internal static class TerminalText
{
    /// <summary>Each line made plain; line breaks stay, for they are the command's own.</summary>
    public static string Escape(string text) => PlainText.CleanLines(text);

    /// <summary>Does the same to all that Spectre draws, after it has laid it out and before it colours it.</summary>
    internal sealed class Hook : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(one => new Escaped(one));
    }

    private sealed class Escaped(IRenderable inner) : IRenderable
    {
        public Spectre.Console.Rendering.Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth)
            .Select(segment =>
                segment.IsControlCode || segment.IsLineBreak ? segment : new Segment(PlainText.Clean(segment.Text, int.MaxValue), segment.Style));
    }
}
