using System.Globalization;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.UciHar;

/// <summary>
/// Reads the folder of "Human Activity Recognition Using Smartphones" (Anguita et al., ESANN 2013) as it is published:
/// <c>{train,test}/Inertial Signals/CHANNEL_{train,test}.txt</c>, one window of 128 values at 50 Hz a row, and
/// <c>{train,test}/y_{train,test}.txt</c>, labels 1 to 6. Who wore the phone is read from <c>train/subject_train.txt</c> where it
/// is there.
/// </summary>
public static class UciHarFolder
{
    private const string SignalFolder = "Inertial Signals";

    public static TaskDefinition Task { get; } = new(
        "uci-har",
        "Six human activities from the accelerometer and gyroscope of a phone worn on the waist (UCI HAR, inertial signals).",
        [
            "body_acc_x", "body_acc_y", "body_acc_z",
            "body_gyro_x", "body_gyro_y", "body_gyro_z",
            "total_acc_x", "total_acc_y", "total_acc_z",
        ],
        Steps: 128,
        SampleRateHz: 50,
        ["walking", "walking_upstairs", "walking_downstairs", "sitting", "standing", "laying"],
        Metric: "accuracy",
        NeedsFolder: true);

    /// <exception cref="TaskDataException">The folder is not the data set, or a file of it is wrong: the first mistake, with its place.</exception>
    public static TaskDataSet Read(string folder)
    {
        UciHarLayout.Check(folder);
        try
        {
            var training = ReadPart(folder, "train");
            var subjects = Path.Combine(folder, "train", "subject_train.txt");
            if (File.Exists(subjects))
            {
                training = training with { Groups = LabelFile.ReadSubjects(subjects, training.Samples) };
            }

            var test = ReadPart(folder, "test");
            return new TaskDataSet(training, test, new SortedDictionary<string, string>
            {
                ["source"] = "UCI HAR v1.0 layout, raw inertial signals",
                ["training_windows"] = training.Samples.ToString(CultureInfo.InvariantCulture),
                ["test_windows"] = test.Samples.ToString(CultureInfo.InvariantCulture),
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TaskDataException($"{folder} could not be read: {error.Message}", error);
        }
    }

    internal static string SignalPath(string folder, string part, string channel) =>
        Path.Combine(folder, part, SignalFolder, $"{channel}_{part}.txt");

    internal static string LabelPath(string folder, string part) => Path.Combine(folder, part, $"y_{part}.txt");

    private static SequenceSet ReadPart(string folder, string part)
    {
        var labels = LabelFile.Read(LabelPath(folder, part), Task.Labels);
        var signals = new float[Task.Input][];
        ParallelReading.For(Task.Input, channel =>
            signals[channel] = ReadSignal(SignalPath(folder, part, Task.Channels[channel]), LabelPath(folder, part), labels.Length));
        return new SequenceSet(Task.Steps, Task.Input, Interleave(signals, labels.Length), labels);
    }

    private static float[] ReadSignal(string path, string labelPath, int windows)
    {
        var signal = SignalFile.Read(path, Task.Steps);
        var rows = signal.Length / Task.Steps;
        return rows == windows
            ? signal
            : throw new TaskDataException($"{path} has {rows} rows, but {labelPath} has {windows} labels. Each row needs its label.");
    }

    private static float[] Interleave(float[][] signals, int windows)
    {
        var inputs = new float[windows * Task.Steps * signals.Length];
        for (var channel = 0; channel < signals.Length; channel++)
        {
            var signal = signals[channel];
            var at = channel;
            foreach (var value in signal)
            {
                inputs[at] = value;
                at += signals.Length;
            }
        }

        return inputs;
    }
}
