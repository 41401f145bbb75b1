using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Cli.Failures;
using Fleet.Reports.Terminal;
using Spectre.Console.Rendering;

namespace Fleet.Cli.Terminals;

/// <summary>
/// What a command says. With <c>--json</c> standard output carries one document and nothing else;
/// progress always goes to standard error, and nowhere with <c>--quiet</c>.
/// </summary>
internal sealed class Output(Terminal terminal, bool json, bool quiet)
{
    private bool documented;

    public Terminal Terminal => terminal;

    public bool Json => json;

    public bool Quiet => quiet;

    public int Width => terminal.OutWidth;

    /// <summary>What is going on, for whoever waits.</summary>
    public void Progress(string text)
    {
        if (!quiet)
        {
            WriteError(text);
        }
    }

    /// <summary>What a person should know even when told to be quiet.</summary>
    public void Warn(string text) => WriteError(text);

    /// <summary>The answer, for people.</summary>
    public void Result(string text)
    {
        if (!json)
        {
            // A pipe gets an export as it is.
            terminal.Out.WriteLine(terminal.OutIsTerminal ? TerminalText.Escape(text) : text);
        }
    }

    /// <inheritdoc cref="Result(string)"/>
    public void Result(IRenderable view)
    {
        if (!json)
        {
            terminal.OutConsole().Write(view);
        }
    }

    /// <inheritdoc cref="Result(string)"/>
    public void Result(IReadOnlyList<TextBlock> blocks) => Result(blocks.Draw());

    /// <summary>The answer, for programs: the one document of this command.</summary>
    public void Document<T>(T value, JsonTypeInfo<T> type)
    {
        if (!json)
        {
            return;
        }

        if (documented)
        {
            throw new InvalidOperationException("A command prints one document.");
        }

        documented = true;
        terminal.Out.WriteLine(JsonSerializer.Serialize(value, type));
    }

    /// <summary>A failure: words on standard error, and with <c>--json</c> a document, unless the answer is out already.</summary>
    public void Failure(CommandFailedException failure)
    {
        foreach (var problem in failure.Problems)
        {
            var place = string.Join(':', new object?[] { problem.Source, problem.Line, problem.Column }.Where(part => part is not null));
            WriteError($"{place}: {problem.Message}");
            if (problem.Suggestion is { } suggestion)
            {
                WriteError($"    {suggestion}");
            }
        }

        WriteError($"fleet: {failure.Message}");
        if (failure.WayOut is { } wayOut)
        {
            WriteError($"    {wayOut}");
        }

        if (!documented)
        {
            Document(new FailureDocument(failure.ExitCode, failure.Message, failure.WayOut, failure.Problems), FailureJson.Default.FailureDocument);
        }
    }

    private void WriteError(string text) => terminal.Error.WriteLine(TerminalText.Escape(text));
}
