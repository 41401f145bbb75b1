using System.Globalization;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.UciHar;

/// <summary>A text file of whole numbers, one a row, counted from 1: labels and subjects.</summary>
internal static class LabelFile
{
    /// <summary>Subjects are told by number alone, of which a pack holds 16 bits.</summary>
    private const int MaxSubjects = ushort.MaxValue;

    /// <summary>Reads all labels, counted from 0.</summary>
    /// <exception cref="TaskDataException">A row is no label of the task, or a class has no row: file and line are named.</exception>
    public static ushort[] Read(string path, IReadOnlyList<string> names)
    {
        var labels = ReadNumbers(path, "label", names.Count);
        var empty = Enumerable.Range(0, names.Count).FirstOrDefault(label => !labels.Contains((ushort)label), -1);
        return empty < 0
            ? labels
            : throw new TaskDataException($"{path}: no row has label {empty + 1} ({names[empty]}). Every class needs at least one window.");
    }

    /// <summary>Reads who wore the sensor, counted from 0.</summary>
    /// <exception cref="TaskDataException">A row is no number of a person, or there are not as many as windows: file and line are named.</exception>
    public static ushort[] ReadSubjects(string path, int windows)
    {
        var subjects = ReadNumbers(path, "subject", MaxSubjects);
        return subjects.Length == windows
            ? subjects
            : throw new TaskDataException($"{path} names the subjects of {subjects.Length} windows, but there are {windows}. Each window needs its subject;"
                + " without this file, validation takes contiguous blocks.");
    }

    private static ushort[] ReadNumbers(string path, string what, int max)
    {
        var lines = File.ReadAllText(path).TrimEnd().Split('\n');
        if (lines is [""])
        {
            throw new TaskDataException($"{path} holds no {what}s.");
        }

        var numbers = new ushort[lines.Length];
        for (var row = 0; row < lines.Length; row++)
        {
            var text = lines[row].Trim();
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > max)
            {
                throw new TaskDataException($"{path}:{row + 1}: the {what} is '{text}', but must be 1 to {max}.");
            }

            numbers[row] = (ushort)(number - 1);
        }

        return numbers;
    }
}
