using System.Globalization;
using Fleet.Tasks.Data;

namespace Fleet.Cli.Data.Own;

/// <summary>
/// One part of a person's own data as a CSV file with a header: <c>sample</c>, <c>label</c>, perhaps <c>person</c>, and a column
/// for each channel, in any order; a row is a time step, and the rows of a sample stand together. Other columns are not read.
/// </summary>
internal static class CsvPart
{
    /// <exception cref="TaskDataException">A row is wrong: file and line are named.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OwnPart Read(string path, TaskFile task)
    {
        using var reader = new StreamReader(path);
        using var lines = CsvRows.Read(reader, path).GetEnumerator();
        var header = lines.MoveNext() ? lines.Current.Cells : throw new TaskDataException($"{path} is empty.");
        var (sample, label) = (Column("sample"), Column("label"));
        var person = Array.IndexOf(header, "person");
        int[] channels = [.. task.Channels.Select(Column)];
        var labels = task.Labels.Index().ToDictionary(pair => pair.Item, pair => (ushort)pair.Index);
        var (values, answers, persons, seen) = (new List<float>(), new List<ushort>(), new List<string>(), new Dictionary<string, int>());
        var (last, steps, rows, began) = ("", 0, 0, 0);
        while (lines.MoveNext())
        {
            var (line, row) = lines.Current;
            if (row.Length != header.Length)
            {
                throw new TaskDataException($"{path}:{line}: the row has {row.Length} columns, but the header has {header.Length}.");
            }

            var who = person < 0 ? "" : row[person];
            if (!labels.TryGetValue(row[label], out var answer))
            {
                throw new TaskDataException(
                    $"{path}:{line}: the label is '{row[label]}', but the task has"
                        + $" {string.Join(", ", task.Labels.Take(8))}{(task.Labels.Count > 8 ? ", ..." : "")}.");
            }

            if (answers.Count == 0 || row[sample] != last)
            {
                CloseSample();
                if (!seen.TryAdd(row[sample], line))
                {
                    throw new TaskDataException(
                        $"{path}:{line}: sample '{row[sample]}' stood before, from line {seen[row[sample]]}. The rows of a sample must stand together.");
                }

                (last, rows, began) = (row[sample], 0, line);
                answers.Add(answer);
                persons.Add(who);
            }
            else if (answer != answers[^1] || who != persons[^1])
            {
                throw new TaskDataException($"{path}:{line}: sample '{last}' has another label or person than in line {began}.");
            }

            rows++;
            foreach (var channel in channels)
            {
                values.Add(float.TryParse(row[channel], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
                    ? value
                    : throw new TaskDataException($"{path}:{line}: {header[channel]} of sample '{last}' is '{row[channel]}', but must be a finite number."));
            }
        }

        CloseSample();
        return answers.Count > 0
            ? new OwnPart(path, steps, [.. values], [.. answers], person < 0 ? null : [.. persons])
            : throw new TaskDataException($"{path} holds no samples.");

        int Column(string name) => Array.IndexOf(header, name) is >= 0 and var column
            ? column
            : throw new TaskDataException($"{path}:1: there is no column '{name}'. The header names: {string.Join(", ", header.Take(12))}.");

        void CloseSample()
        {
            if (answers.Count == 1)
            {
                steps = rows;
            }
            else if (answers.Count > 1 && rows != steps)
            {
                throw new TaskDataException($"{path}:{began}: sample '{last}' has {rows} rows, but the first has {steps}. All must have the same.");
            }
        }
    }
}
