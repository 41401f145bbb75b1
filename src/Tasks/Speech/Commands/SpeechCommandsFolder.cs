using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Speech.Commands;

/// <summary>
/// Reads Speech Commands (Warden 2018, arXiv 1804.03209) as it is published: <c>WORD/SPEAKER_nohash_TAKE.wav</c>, 16 kHz or
/// converted to 8 kHz, one second each, with <c>validation_list.txt</c> and <c>testing_list.txt</c>. As 35 words, or in the
/// convention of twelve classes: ten commands, of all other words together as many as of one command (unknown), and as many
/// seconds of background noise (silence).
/// </summary>
public static class SpeechCommandsFolder
{
    private const string Unknown = "unknown";
    private const string Silence = "silence";

    private static readonly int[] Rates = [16000, 8000];

    private static readonly string[] Commands = ["yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"];

    private static readonly string[] Others =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "bed", "bird", "cat", "dog", "happy", "house",
        "marvin", "sheila", "tree", "wow", "backward", "follow", "forward", "learn", "visual",
    ];

    public static TaskDefinition Task { get; } = SpokenDigitsFolder.Task with
    {
        Name = "speech-commands",
        Description = "Thirty-five spoken words: mel-frequency cepstral coefficients of one second (Speech Commands v0.02 layout, 8 or 16 kHz WAV).",
        Labels = [.. Commands, .. Others],
    };

    public static TaskDefinition TwelveClassTask { get; } = Task with
    {
        Name = "speech-commands-12",
        Description = "Ten spoken commands, other words and silence: mel-frequency cepstral coefficients of one second (Speech Commands layout,"
            + " 8 or 16 kHz WAV).",
        Labels = [.. Commands, Unknown, Silence],
    };

    /// <exception cref="TaskDataException">The folder is not the data set, or a file of it is wrong: the first mistake.</exception>
    public static TaskDataSet Read(string folder) => Read(folder, Task);

    /// <inheritdoc cref="Read(string)"/>
    public static TaskDataSet ReadTwelveClasses(string folder) => Read(folder, TwelveClassTask);

    private static TaskDataSet Read(string folder, TaskDefinition task)
    {
        try
        {
            var recordings = CommandRecordings.Find(folder);
            var split = CommandSplit.Of(folder, recordings);
            var parts = recordings.ToLookup(recording => split.Testing.Contains(recording.Entry));
            var (training, test) = (Choose(folder, task, [.. parts[false]], testing: false), Choose(folder, task, [.. parts[true]], testing: true));
            var first = recordings[0].Path;
            var rate = Recording.Read(first).SampleRateHz;
            if (!Rates.Contains(rate))
            {
                throw new TaskDataException($"{first} has {rate} samples a second, but {task.Name} takes {string.Join(" or ", Rates)}."
                    + $" Convert all, for example with sox: sox IN.wav -r {Rates[0]} OUT.wav");
            }

            var settings = SpokenDigitsFolder.Features with { SampleRateHz = rate };
            var expected = $"{first} has {rate}, and all must have the same";
            var noise = task == TwelveClassTask ? new BackgroundNoise(folder, settings, expected) : null;
            return new TaskDataSet(
                Part(task, training, RecordedFeatures.Read(folder, Paths(training), settings, expected), noise, testing: false, folder),
                Part(task, test, RecordedFeatures.Read(folder, Paths(test), settings, expected), noise, testing: true, folder),
                new SortedDictionary<string, string>
                {
                    ["source"] = "Speech Commands layout",
                    ["features"] = settings.ToString(),
                    ["speakers"] = recordings.Select(recording => recording.Speaker).Distinct().Count().ToString(CultureInfo.InvariantCulture),
                    ["split"] = split.Rule,
                });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TaskDataException($"{folder} could not be read: {error.Message}", error);
        }
    }

    private static string[] Paths(CommandRecording[] part) => Array.ConvertAll(part, recording => recording.Path);

    private static SequenceSet Part(TaskDefinition task, CommandRecording[] part, float[][] features, BackgroundNoise? noise, bool testing, string folder)
    {
        var seconds = noise?.Cut(testing, OneCommand(part)).ToArray() ?? [];
        // Whatever a folder is called, "silence" is what was cut from noise, and "unknown" what is none of the words.
        var words = task == TwelveClassTask ? Commands : task.Labels;
        var labels = task.Labels.Select((word, label) => (word, label)).ToDictionary(pair => pair.word, pair => (ushort)pair.label);
        return new SequenceSet(
            task.Steps,
            task.Input,
            RecordedFeatures.Join([.. features, .. seconds.Select(second => second.Features)]),
            [.. part.Select(recording => labels[words.Contains(recording.Word) ? recording.Word : Unknown]), .. seconds.Select(_ => labels[Silence])])
        {
            // Seconds of one noise belong together as the sayings of one speaker do.
            Groups = testing ? null : PersonNumbers.Of([.. part.Select(recording => recording.Speaker), .. seconds.Select(second => second.Name)], folder),
        };
    }

    /// <summary>The recordings of a part that the task is made of.</summary>
    private static CommandRecording[] Choose(string folder, TaskDefinition task, CommandRecording[] part, bool testing)
    {
        var words = task == TwelveClassTask ? Commands : task.Labels;
        var name = testing ? "test" : "training";
        var said = part.Select(recording => recording.Word).ToHashSet();
        if (words.FirstOrDefault(word => !said.Contains(word)) is { } silent)
        {
            throw new TaskDataException($"{folder}: the {name} part has no recording of '{silent}'. Every word of {task.Name} needs one in each part.");
        }

        var others = part.Where(recording => !words.Contains(recording.Word)).ToArray();
        if (task != TwelveClassTask)
        {
            return others is [var stray, ..]
                ? throw new TaskDataException($"{Path.GetDirectoryName(stray.Path)} is no word of {task.Name}."
                    + $" Take the folder out, or use {TwelveClassTask.Name}, for which every other word is '{Unknown}'.")
                : part;
        }

        // By the hash of the name, so that every word has its chance and the choice is the same everywhere.
        var unknown = others.OrderBy(recording => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(recording.Entry))), StringComparer.Ordinal)
            .Take(OneCommand(part)).ToHashSet();
        return unknown.Count > 0
            ? [.. part.Where(recording => words.Contains(recording.Word) || unknown.Contains(recording))]
            : throw new TaskDataException($"{folder}: the {name} part has only commands, but the class '{Unknown}' is made of other words.");
    }

    // How many recordings a command has on average.
    private static int OneCommand(CommandRecording[] part) =>
        Math.Max(1, (int)Math.Round((double)part.Count(recording => Commands.Contains(recording.Word)) / Commands.Length));
}
