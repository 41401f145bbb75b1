using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fleet.Campaigns.Language;

/// <summary>A place in a file, counted from 1.</summary>
internal readonly record struct Place(int Line, int Column)
{
    public static Place Of(Mark mark) => new((int)mark.Line, (int)mark.Column);
}

/// <summary>A node of a YAML document that still knows where it stood.</summary>
internal abstract record YamlValue(Place At)
{
    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }
}

/// <param name="Quoted">A quoted text is never a number, a truth or nothing.</param>
internal sealed record YamlText(Place At, string Text, bool Quoted) : YamlValue(At)
{
    public bool IsNothing => !Quoted && Text is "" or "~" or "null";

    public override string Kind => IsNothing ? "nothing" : $"'{Text}'";
}

internal sealed record YamlList(Place At, IReadOnlyList<YamlValue> Items) : YamlValue(At)
{
    public override string Kind => "a list";
}

internal sealed record YamlMap(Place At, IReadOnlyList<KeyValuePair<YamlText, YamlValue>> Entries) : YamlValue(At)
{
    public override string Kind => "a section of keys";
}

/// <summary>Reads a YAML text to a tree of places. Keys that stand twice, anchors, tags and depths that no campaign needs are problems.</summary>
internal sealed class YamlTreeReader(string text, ProblemList problems)
{
    private const int GreatestDepth = 16;
    private readonly Parser parser = new(new StringReader(text));

    /// <summary>The document's root, or null where the text is not YAML at all or holds nothing.</summary>
    public YamlValue? Read()
    {
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return null;
            }

            var root = ReadValue(0);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
            {
                problems.Add(Place.Of(second.Start), "A second document begins here.", "Keep one campaign a file.");
            }

            return root;
        }
        catch (YamlException error)
        {
            var tab = FirstTab();
            problems.Add(
                tab ?? Place.Of(error.Start), $"This is not YAML: {Sentence(error.Message)}", tab is null ? null : "Indent with spaces; YAML takes no tabs.");
            return null;
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet's scanner ends so, and without a place, where keys follow a bracket that is never closed.
            problems.Add(
                new Place(1, 1), "This is not YAML: a bracket '[' or '{' is never closed.", "Close it on its line, or write the list with a '-' a line.");
            return null;
        }
    }

    private YamlValue? ReadValue(int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            problems.Add(Place.Of(alias.Start), "References (*name) are not taken here.", "Write the value out.");
            return null;
        }

        var node = parser.Consume<NodeEvent>();
        var at = Place.Of(node.Start);
        if (depth > GreatestDepth)
        {
            throw new YamlException(node.Start, node.End, $"it is nested more than {GreatestDepth} levels deep.");
        }

        if (!node.Anchor.IsEmpty)
        {
            problems.Add(at, "Anchors (&name) are not taken here.", "Write the value out where it is wanted.");
        }

        switch (node)
        {
            case Scalar scalar:
                return new YamlText(at, scalar.Value, scalar.Style is not ScalarStyle.Plain);
            case SequenceStart:
                var items = new List<YamlValue>();
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    if (ReadValue(depth + 1) is { } item)
                    {
                        items.Add(item);
                    }
                }

                return new YamlList(at, items);
            case MappingStart:
                return ReadMap(at, depth);
            default:
                return null;
        }
    }

    private YamlMap ReadMap(Place at, int depth)
    {
        var entries = new List<KeyValuePair<YamlText, YamlValue>>();
        var seen = new Dictionary<string, Place>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadValue(depth + 1);
            var value = ReadValue(depth + 1);
            if (key is not YamlText name)
            {
                problems.Add(key?.At ?? at, "A key must be a plain word.");
            }
            else if (!seen.TryAdd(name.Text, name.At))
            {
                problems.Add(name.At, $"The key '{name.Text}' stands twice; the first is on line {seen[name.Text].Line}.", "Remove one of them.");
            }
            else if (value is not null)
            {
                entries.Add(new(name, value));
            }
        }

        return new YamlMap(at, entries);
    }

    // The scanner names where it was confused, which may be far from the tab that confused it.
    private Place? FirstTab()
    {
        var lines = text.Split('\n');
        for (var line = 0; line < lines.Length; line++)
        {
            var indent = lines[line].AsSpan(0, lines[line].Length - lines[line].AsSpan().TrimStart(" \t").Length);
            if (indent.IndexOf('\t') is >= 0 and var column)
            {
                return new Place(line + 1, column + 1);
            }
        }

        return null;
    }

    private static string Sentence(string message)
    {
        var trimmed = message.Trim();
        return trimmed.EndsWith('.') ? trimmed : trimmed + ".";
    }
}
