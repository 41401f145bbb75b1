using System.Globalization;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Opportunity;

/// <summary>
/// Reads the folder of "OPPORTUNITY Activity Recognition" (Roggen et al. 2010; Chavarriaga et al. 2013) as it is published:
/// <c>dataset/S{1..4}-{ADL1..ADL5,Drill}.dat</c>, see <see cref="SensorRecording"/>. The parts are those of the Opportunity
/// challenge: runs 4 and 5 of subjects 2 and 3 are the test part, their other runs and all of subject 1 the training part, and
/// subject 4 is in neither. Windows of 81 rows (2.7 s) begin every 40 rows; a window's gesture is that of its last row.
/// </summary>
public static class OpportunityFolder
{
    private const int Hop = 40;

    private static readonly (int Subject, string Run)[] TrainingRuns =
    [
        .. new[] { "Drill", "ADL1", "ADL2", "ADL3", "ADL4", "ADL5" }.Select(run => (1, run)),
        .. new[] { "Drill", "ADL1", "ADL2", "ADL3" }.Select(run => (2, run)),
        .. new[] { "Drill", "ADL1", "ADL2", "ADL3" }.Select(run => (3, run)),
    ];

    private static readonly (int Subject, string Run)[] TestRuns = [(2, "ADL4"), (2, "ADL5"), (3, "ADL4"), (3, "ADL5")];

    public static TaskDefinition Task { get; } = new(
        "opportunity",
        "Seventeen gestures of people who make breakfast, or none, from inertial units on back, arms and shoes (Opportunity challenge).",
        [.. OpportunityColumns.Sensors.Select(sensor => sensor.Name)],
        Steps: 81,
        SampleRateHz: 30,
        [.. OpportunityColumns.Gestures.Select(gesture => gesture.Name)],
        Metric: "accuracy",
        NeedsFolder: true);

    /// <exception cref="TaskDataException">The folder is not the data set, or a file of it is wrong: the first mistake, with its place.</exception>
    public static TaskDataSet Read(string folder)
    {
        var place = Find(folder);
        try
        {
            var missing = 0;
            var training = ReadPart(place, "training", TrainingRuns, ref missing);
            var test = ReadPart(place, "test", TestRuns, ref missing);
            return new TaskDataSet(training, test with { Groups = null }, new SortedDictionary<string, string>
            {
                ["source"] = "OPPORTUNITY Activity Recognition layout",
                ["split"] = "Opportunity challenge: ADL4 and ADL5 of subjects 2 and 3 are the test part",
                ["windows"] = string.Create(CultureInfo.InvariantCulture, $"{Task.Steps} rows every {Hop}, gesture of the last row"),
                ["missing_values_filled"] = missing.ToString(CultureInfo.InvariantCulture),
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TaskDataException($"{place} could not be read: {error.Message}", error);
        }
    }

    private static string Find(string folder)
    {
        const string expected = "Expected is the folder of Opportunity, which holds dataset/S1-ADL1.dat and the others.";
        if (!Directory.Exists(folder))
        {
            throw new TaskDataException(File.Exists(folder) ? $"{folder} is a file. {expected}" : $"The data folder {folder} does not exist. {expected}");
        }

        var inner = Path.Combine(folder, "dataset");
        var place = Directory.Exists(inner) ? inner : folder;
        var missing = TrainingRuns.Concat(TestRuns).Select(FileName).FirstOrDefault(name => !File.Exists(Path.Combine(place, name)));
        return missing is null ? place : throw new TaskDataException($"{place} is not a whole Opportunity data set: {missing} is missing. {expected}");
    }

    private static string FileName((int Subject, string Run) run) => string.Create(CultureInfo.InvariantCulture, $"S{run.Subject}-{run.Run}.dat");

    private static SequenceSet ReadPart(string place, string part, (int Subject, string Run)[] runs, ref int missing)
    {
        var recordings = new SensorRecording[runs.Length];
        ParallelReading.For(runs.Length, run => recordings[run] = SensorRecording.Read(Path.Combine(place, FileName(runs[run]))));
        var counts = Array.ConvertAll(
            recordings, recording => recording.Gestures.Length < Task.Steps ? 0 : ((recording.Gestures.Length - Task.Steps) / Hop) + 1);
        if (Array.IndexOf(counts, 0) is >= 0 and var brief)
        {
            throw new TaskDataException(
                $"{Path.Combine(place, FileName(runs[brief]))} has {recordings[brief].Gestures.Length} rows, but a window has {Task.Steps}.");
        }

        var size = Task.Steps * Task.Input;
        var set = new SequenceSet(Task.Steps, Task.Input, new float[counts.Sum() * size], new ushort[counts.Sum()]) { Groups = new ushort[counts.Sum()] };
        var window = 0;
        foreach (var (index, recording) in recordings.Index())
        {
            missing += recording.Missing;
            for (var start = 0; start < counts[index] * Hop; start += Hop, window++)
            {
                recording.Values.AsSpan(start * Task.Input, size).CopyTo(set.Inputs.AsSpan(window * size));
                set.Labels[window] = recording.Gestures[start + Task.Steps - 1];
                set.Groups[window] = (ushort)(runs[index].Subject - 1);
            }
        }

        var empty = Enumerable.Range(0, Task.Classes).FirstOrDefault(label => !set.Labels.Contains((ushort)label), -1);
        return empty < 0
            ? set
            : throw new TaskDataException($"{place}: the {part} part has no window of {Task.Labels[empty]} (code {OpportunityColumns.Gestures[empty].Code})."
                + " Every gesture needs one in each part.");
    }
}
