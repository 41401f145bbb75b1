using System.Text;
using Fleet.Tasks.Data;

namespace Fleet.Cli.Data.Own;

/// <summary>
/// The rows of a CSV file as RFC 4180 has them: a quoted cell may hold commas, line breaks, and quotes that are doubled. White space
/// around a cell that is not quoted is not part of it. Empty lines are no rows.
/// </summary>
internal static class CsvRows
{
    private const char Separator = ',';
    private const char Quote = '"';

    /// <summary>Each row with the number of the line that it begins in, counted from 1.</summary>
    /// <param name="path">What messages call the file.</param>
    /// <exception cref="TaskDataException">A quoted cell does not end, or something follows behind its end.</exception>
    public static IEnumerable<(int Line, string[] Cells)> Read(TextReader reader, string path)
    {
        var next = 1;
        while (reader.ReadLine() is { } text)
        {
            var line = next++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            var (cells, at) = (new List<string>(), 0);
            while (at <= text.Length)
            {
                while (at < text.Length && text[at] is ' ' or '\t')
                {
                    at++;
                }

                if (at == text.Length || text[at] != Quote)
                {
                    var end = text.IndexOf(Separator, at) is >= 0 and var found ? found : text.Length;
                    cells.Add(text[at..end].Trim());
                    at = end + 1;
                    continue;
                }

                var cell = new StringBuilder();
                for (at++; ; at++)
                {
                    if (at == text.Length)
                    {
                        // The cell goes on in the next line.
                        cell.Append('\n');
                        (text, at) = (reader.ReadLine() ?? throw new TaskDataException($"{path}:{line}: a quoted cell does not end; the file ends first."), -1);
                        next++;
                    }
                    else if (text[at] != Quote)
                    {
                        cell.Append(text[at]);
                    }
                    else if (at + 1 < text.Length && text[at + 1] == Quote)
                    {
                        cell.Append(text[at++]);
                    }
                    else
                    {
                        break;
                    }
                }

                cells.Add(cell.ToString());
                var rest = text.IndexOf(Separator, at) is >= 0 and var separator ? separator : text.Length;
                at = text.AsSpan(at + 1, rest - at - 1).IsWhiteSpace()
                    ? rest + 1
                    : throw new TaskDataException($"{path}:{next - 1}: something follows behind the end of a quoted cell. A quote inside it is doubled: \"\"");
            }

            yield return (line, [.. cells]);
        }
    }
}
