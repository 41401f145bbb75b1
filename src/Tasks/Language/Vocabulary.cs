using System.Text.Json;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Language;

/// <summary>The tokens of a training text, each with its number. Token 0 stands for whatever is not among them.</summary>
internal sealed class Vocabulary
{
    /// <summary>Mikolov's mark in Penn Treebank, where it is a word of the text itself.</summary>
    public const string Unknown = "<unk>";

    /// <summary>Tokens are stored in 16 bits.</summary>
    public const int Max = ushort.MaxValue + 1;

    /// <summary>
    /// Packs and models name their tokens in the header of their file, of which readers take 256 KB from any file: what is left
    /// is for all else that it says.
    /// </summary>
    private const int MaxNameBytes = 240 * 1024;

    private readonly Dictionary<string, ushort> numbers = new(StringComparer.Ordinal);

    private Vocabulary(IReadOnlyList<string> names)
    {
        Names = names;
        for (var number = 0; number < names.Count; number++)
        {
            numbers.Add(names[number], (ushort)number);
        }
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>All tokens of a text, the most frequent first and equals in the order of their code units.</summary>
    /// <param name="place">What messages call the text.</param>
    /// <exception cref="TaskDataException">There are more than <see cref="Max"/>, or their names are longer than a file's header.</exception>
    public static Vocabulary Of(IEnumerable<string> training, string place)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in training)
        {
            counts[token] = counts.GetValueOrDefault(token) + 1;
        }

        counts.Remove(Unknown);
        if (counts.Count >= Max)
        {
            throw new TaskDataException(
                $"{place} has {counts.Count} different tokens, but a vocabulary holds at most {Max} with {Unknown}."
                    + $" Write {Unknown} for the rare ones, as Penn Treebank does.");
        }

        string[] names = [Unknown, .. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key)];
        var bytes = names.Sum(NameBytes);
        return bytes <= MaxNameBytes
            ? new Vocabulary(names)
            : throw new TaskDataException(
                $"{place} has {names.Length} different tokens, whose names take {bytes >> 10} KB of a file's header; it has room for {MaxNameBytes >> 10}."
                    + $" Write {Unknown} for the rare ones, as Penn Treebank does.");
    }

    // A text within a text: the header is JSON, and what Fleet says there is JSON in a string of it.
    private static int NameBytes(string name) => JsonEncodedText.Encode($"\"{JsonEncodedText.Encode(name)}\",").EncodedUtf8Bytes.Length;

    /// <returns>Each token's number, and how many were not in the vocabulary.</returns>
    public (ushort[] Stream, int Unknown) Encode(IEnumerable<string> tokens)
    {
        var unknown = 0;
        ushort[] stream = [.. tokens.Select(Number)];
        return (stream, unknown);

        ushort Number(string token)
        {
            if (numbers.TryGetValue(token, out var number))
            {
                return number;
            }

            unknown++;
            return 0;
        }
    }
}
