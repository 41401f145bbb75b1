using System.Buffers.Text;
using System.Text;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Opportunity;

/// <summary>One run of one person, 30 rows a second.</summary>
/// <param name="Values">[rows, sensors], without gaps.</param>
/// <param name="Gestures">[rows], from 0.</param>
/// <param name="Missing">How many values were missing and were filled in.</param>
internal sealed record SensorRecording(float[] Values, ushort[] Gestures, int Missing)
{
    private const byte Newline = (byte)'\n';

    // By column, counted from 0: where the value goes, or below 0.
    private static readonly int[] Places = FindPlaces();

    private static readonly Dictionary<int, ushort> Labels =
        OpportunityColumns.Gestures.Select((gesture, label) => (gesture.Code, label)).ToDictionary(pair => pair.Code, pair => (ushort)pair.label);

    /// <summary>
    /// Reads a <c>.dat</c> file: rows of 250 numbers separated by blanks, NaN where a wireless sensor lost its connection. A gap is
    /// filled on the line between the values on either side of it, x_t = x_a + (x_b - x_a) (t - a) / (b - a), at the ends with the
    /// nearest value; a sensor that is missing throughout is zero.
    /// </summary>
    /// <exception cref="TaskDataException">A row has not 250 numbers, or a gesture that the legend does not have: file and line are named.</exception>
    public static SensorRecording Read(string path)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        rest = rest.TrimEnd(" \t\r\n"u8);
        var rows = rest.IsEmpty ? 0 : rest.Count(Newline) + 1;
        var sensors = OpportunityColumns.Sensors.Count;
        var values = new float[rows * sensors];
        var gestures = new ushort[rows];
        for (var row = 0; row < rows; row++)
        {
            var end = rest.IndexOf(Newline);
            gestures[row] = ReadRow(end < 0 ? rest : rest[..end], values.AsSpan(row * sensors, sensors), path, row + 1);
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return new SensorRecording(values, gestures, Fill(values, sensors));
    }

    private static ushort ReadRow(ReadOnlySpan<byte> line, Span<float> row, string path, int number)
    {
        var column = 0;
        ReadOnlySpan<byte> gesture = [];
        foreach (var range in line.SplitAny(" \t\r"u8))
        {
            var word = line[range];
            if (word.IsEmpty)
            {
                continue;
            }

            if (column == OpportunityColumns.Count - 1)
            {
                gesture = word;
            }
            else if (column < Places.Length && Places[column] is >= 0 and var place)
            {
                row[place] = ReadValue(word, path, number, column + 1);
            }

            column++;
        }

        return column == OpportunityColumns.Count
            ? ReadGesture(gesture, path, number)
            : throw new TaskDataException($"{path}:{number}: the row has {column} columns, but a row of Opportunity has {OpportunityColumns.Count}.");
    }

    private static float ReadValue(ReadOnlySpan<byte> word, string path, int line, int column)
    {
        if (word.SequenceEqual("NaN"u8))
        {
            return float.NaN;
        }

        return Utf8Parser.TryParse(word, out float value, out var length) && length == word.Length && float.IsFinite(value)
            ? value
            : throw new TaskDataException($"{path}:{line}: column {column} is '{Shown(word)}', but must be a finite number, or NaN where it is missing.");
    }

    private static ushort ReadGesture(ReadOnlySpan<byte> word, string path, int line) =>
        Utf8Parser.TryParse(word, out int code, out var length) && length == word.Length && Labels.TryGetValue(code, out var label)
            ? label
            : throw new TaskDataException($"{path}:{line}: column {OpportunityColumns.Count} is '{Shown(word)}', but no gesture of both arms has this code.");

    private static string Shown(ReadOnlySpan<byte> word) => Encoding.UTF8.GetString(word.Length > 40 ? word[..40] : word);

    private static int Fill(float[] values, int sensors)
    {
        var missing = 0;
        for (var sensor = 0; sensor < sensors; sensor++)
        {
            var known = -sensors;
            for (var at = sensor; at < values.Length; at += sensors)
            {
                if (float.IsNaN(values[at]))
                {
                    missing++;
                    continue;
                }

                FillGap(values, sensors, known, at);
                known = at;
            }

            FillGap(values, sensors, known, values.Length + sensor);
        }

        return missing;
    }

    // Between two places of one sensor; those before the first and after the last value are outside of the array.
    private static void FillGap(float[] values, int sensors, int before, int after)
    {
        for (var at = before < 0 ? after % sensors : before + sensors; at < after && at < values.Length; at += sensors)
        {
            values[at] = (before < 0, after >= values.Length) switch
            {
                (true, true) => 0,
                (true, false) => values[after],
                (false, true) => values[before],
                _ => (float)(values[before] + (((double)values[after] - values[before]) * (at - before) / (after - before))),
            };
        }
    }

    private static int[] FindPlaces()
    {
        var places = new int[OpportunityColumns.Count];
        Array.Fill(places, -1);
        foreach (var (index, sensor) in OpportunityColumns.Sensors.Index())
        {
            places[sensor.Column - 1] = index;
        }

        return places;
    }
}
