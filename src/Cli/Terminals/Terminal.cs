using System.Globalization;
using Spectre.Console;

namespace Fleet.Cli.Terminals;

/// <summary>Where a command's words go. Tests give string writers.</summary>
internal sealed record Terminal
{
    /// <summary>Nothing bounds a pipe; this is what a wide window shows.</summary>
    public const int PipeWidth = 120;

    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }
    public required bool OutIsTerminal { get; init; }
    public required bool ErrorIsTerminal { get; init; }
    public required Func<(int Columns, int Rows)> Size { get; init; }

    public static Terminal OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Size = MeasureWindow,
    };

    public int OutWidth => OutIsTerminal ? Size().Columns : WidthOfPipe();

    /// <summary>Spectre on standard output: plain text unless it is a terminal; NO_COLOR is Spectre's own affair.</summary>
    public IAnsiConsole OutConsole() => Create(Out, OutIsTerminal, OutWidth);

    public IAnsiConsole ErrorConsole() => Create(Error, ErrorIsTerminal, ErrorIsTerminal ? Size().Columns : WidthOfPipe());

    private static IAnsiConsole Create(TextWriter writer, bool terminal, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
            // Enrichers take a build server's log for a terminal.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = terminal },
        });
        console.Profile.Width = width;
        console.Pipeline.Attach(new TerminalText.Hook());
        return console;
    }

    private static int WidthOfPipe() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns >= 40
            ? columns
            : PipeWidth;

    // A window that cannot say its size (an editor's console) counts as the classic one.
    private static (int Columns, int Rows) MeasureWindow()
    {
        try
        {
            return (Math.Max(Console.WindowWidth, 40), Math.Max(Console.WindowHeight, 10));
        }
        catch (IOException)
        {
            return (80, 24);
        }
    }
}
