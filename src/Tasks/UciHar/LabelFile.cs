using System.Globalization;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.UciHar;

/// <summary>A text file of labels: one a row, counted from 1.</summary>
internal static class LabelFile
{
    /// <summary>Reads all labels, counted from 0.</summary>
    /// <exception cref="TaskDataException">A row is no label of the task, or a class has no row: file and line are named.</exception>
    public static ushort[] Read(string path, IReadOnlyList<string> names)
    {
        var lines = File.ReadAllText(path).TrimEnd().Split('\n');
        if (lines is [""])
        {
            throw new TaskDataException($"{path} holds no labels.");
        }

        var labels = new ushort[lines.Length];
        var counts = new int[names.Count];
        for (var row = 0; row < lines.Length; row++)
        {
            var text = lines[row].Trim();
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var label) || label < 1 || label > names.Count)
            {
                throw new TaskDataException($"{path}:{row + 1}: the label is '{text}', but must be 1 to {names.Count}.");
            }

            labels[row] = (ushort)(label - 1);
            counts[label - 1]++;
        }

        var empty = Array.IndexOf(counts, 0);
        return empty < 0
            ? labels
            : throw new TaskDataException($"{path}: no row has label {empty + 1} ({names[empty]}). Every class needs at least one window.");
    }
}
