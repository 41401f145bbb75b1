using System.Globalization;
using Fleet.Tasks.Data;
using Fleet.Tasks.Numerics;
using Fleet.Tasks.UciHar;

namespace Fleet.Tasks.Synthetic;

/// <summary>
/// Activity recognition with no download: a model of body motion makes the signals of a phone on the belt of people who walk,
/// climb, descend, sit, stand and lie, in the form of <see cref="UciHarFolder"/>. The test part is of other people than the
/// training part. The same seed gives the same bits on every platform.
/// </summary>
public static class SyntheticHar
{
    /// <summary>Of the data that everybody gets; recorded in the pack.</summary>
    public const long DefaultSeed = 20190613;

    private const int TrainingPeople = 80;
    private const int TestPeople = 40;
    private const int WindowsABout = 4;
    private const int Steps = 128;

    /// <summary>Windows overlap by half, as in the real data.</summary>
    private const int Stride = Steps / 2;

    public static TaskDefinition Task { get; } = new(
        "synthetic-har",
        "Six human activities from a model of body motion with the channels of uci-har; made by the product, needs no data.",
        UciHarFolder.Task.Channels,
        Steps,
        SampleRateHz: 50,
        [.. Activity.All.Select(activity => activity.Name)],
        Metric: "accuracy",
        NeedsFolder: false);

    public static TaskDataSet Make(long seed = DefaultSeed) => new(
        Record(seed, firstPerson: 0, TrainingPeople) with { Groups = People(TrainingPeople) },
        Record(seed, firstPerson: TrainingPeople, TestPeople),
        new SortedDictionary<string, string>
        {
            ["source"] = "model of body motion",
            ["seed"] = seed.ToString(CultureInfo.InvariantCulture),
            ["training_people"] = TrainingPeople.ToString(CultureInfo.InvariantCulture),
            ["test_people"] = TestPeople.ToString(CultureInfo.InvariantCulture),
        });

    // Everybody's windows stand together, one person after the other.
    private static ushort[] People(int people)
    {
        var windows = Activity.All.Count * WindowsABout;
        return [.. Enumerable.Range(0, people * windows).Select(window => (ushort)(window / windows))];
    }

    private static SequenceSet Record(long seed, int firstPerson, int people)
    {
        var windows = people * Activity.All.Count * WindowsABout;
        var inputs = new float[windows * Steps * MotionRecorder.Channels];
        var labels = new ushort[windows];
        var window = 0;
        for (var number = firstPerson; number < firstPerson + people; number++)
        {
            // A stream for each person: one person more changes nobody else.
            var random = new Xoshiro256(seed, number);
            var person = new Person(random);
            var recorder = new MotionRecorder(person, random);
            int[] order = [.. Enumerable.Range(0, Activity.All.Count)];
            random.Shuffle<int>(order);
            foreach (var activity in order)
            {
                var bout = RecordBout(recorder, person.Bout(Activity.All[activity], random));
                for (var start = 0; start < WindowsABout; start++, window++)
                {
                    var size = Steps * MotionRecorder.Channels;
                    bout.AsSpan(start * Stride * MotionRecorder.Channels, size).CopyTo(inputs.AsSpan(window * size));
                    labels[window] = (ushort)activity;
                }
            }
        }

        return new SequenceSet(Steps, MotionRecorder.Channels, inputs, labels);
    }

    private static float[] RecordBout(MotionRecorder recorder, Motion aim)
    {
        var steps = Steps + ((WindowsABout - 1) * Stride);
        var bout = new float[steps * MotionRecorder.Channels];
        for (var step = 0; step < steps; step++)
        {
            recorder.Step(aim, bout.AsSpan(step * MotionRecorder.Channels, MotionRecorder.Channels));
        }

        return bout;
    }
}
