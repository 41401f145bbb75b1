using System.Buffers.Text;
using System.Text;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.UciHar;

/// <summary>A text file of numbers: one window a row, the values of one channel separated by blanks.</summary>
internal static class SignalFile
{
    private const byte Newline = (byte)'\n';

    /// <summary>Reads all rows, [rows, <paramref name="columns"/>].</summary>
    /// <exception cref="TaskDataException">A row is of another length, or a value is no finite number: file and line are named.</exception>
    public static float[] Read(string path, int columns)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        while (!rest.IsEmpty && IsBlankOrNewline(rest[^1]))
        {
            rest = rest[..^1];
        }

        if (rest.IsEmpty)
        {
            return [];
        }

        var rows = rest.Count(Newline) + 1;
        var values = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            var end = rest.IndexOf(Newline);
            var line = end < 0 ? rest : rest[..end];
            ReadRow(line, values.AsSpan(row * columns, columns), path, row + 1);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return values;
    }

    private static void ReadRow(ReadOnlySpan<byte> line, Span<float> row, string path, int number)
    {
        var count = 0;
        while (true)
        {
            line = line.TrimStart(" \t\r"u8);
            if (line.IsEmpty)
            {
                break;
            }

            var (value, length) = ReadNumber(line, path, number, count + 1);
            if (count < row.Length)
            {
                row[count] = value;
            }

            count++;
            line = line[length..];
        }

        if (count != row.Length)
        {
            throw new TaskDataException($"{path}:{number}: the row has {count} values, but a window has {row.Length}.");
        }
    }

    private static (float Value, int Length) ReadNumber(ReadOnlySpan<byte> line, string path, int number, int place)
    {
        if (Utf8Parser.TryParse(line, out float value, out var length) && float.IsFinite(value)
            && (length == line.Length || IsBlankOrNewline(line[length])))
        {
            return (value, length);
        }

        var end = line.IndexOfAny(" \t\r"u8);
        var word = Encoding.UTF8.GetString(end < 0 ? line : line[..end]);
        var shown = word.Length > 40 ? word[..40] + "..." : word;
        throw new TaskDataException($"{path}:{number}: value {place} is '{shown}', but must be a finite number.");
    }

    private static bool IsBlankOrNewline(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\r' or Newline;
}
