using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Tasks.Data;

namespace Fleet.Tasks.Speech;

/// <summary>
/// Reads spoken digits as the Free Spoken Digit Dataset has them: WAV files named <c>{digit}_{speaker}_{take}.wav</c>, 8 kHz, in
/// the folder itself or in its <c>recordings</c>. Takes 0 to 4 of each speaker are the test part, the others the training part
/// (the data set's own split).
/// </summary>
public static partial class SpokenDigitsFolder
{
    private const int LastTestTake = 4;

    internal static readonly MfccSettings Features = new() { SampleRateHz = 8000 };

    public static TaskDefinition Task { get; } = new(
        "spoken-digits",
        "The digits zero to nine, spoken: mel-frequency cepstral coefficients of one second (Free Spoken Digit Dataset layout, 8 kHz WAV).",
        [.. Enumerable.Range(0, Features.Coefficients).Select(coefficient => $"mfcc_{coefficient}")],
        Steps: Features.Frames(Features.SampleRateHz),
        SampleRateHz: 1 / Features.HopSeconds,
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        Metric: "accuracy",
        NeedsFolder: true);

    /// <exception cref="TaskDataException">The folder is not the data set, or a file of it is wrong: the first mistake by file name.</exception>
    public static TaskDataSet Read(string folder)
    {
        var takes = Find(folder);
        var features = RecordedFeatures.Read(folder, [.. takes.Select(take => take.Path)], Features, $"{Task.Name} takes {Features.SampleRateHz}");
        var parts = takes.Zip(features, (take, values) => (take, values)).ToLookup(pair => pair.take.Number <= LastTestTake);
        var training = Part(folder, "training", parts[false]) with
        {
            Groups = PersonNumbers.Of([.. parts[false].Select(pair => pair.take.Speaker)], folder),
        };
        return new TaskDataSet(training, Part(folder, "test", parts[true]), new SortedDictionary<string, string>
        {
            ["source"] = "Free Spoken Digit Dataset layout",
            ["features"] = Features.ToString(),
            ["speakers"] = takes.Select(take => take.Speaker).Distinct().Count().ToString(CultureInfo.InvariantCulture),
            ["split"] = $"takes 0 to {LastTestTake} of each speaker are the test part",
        });
    }

    private static List<Take> Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new TaskDataException(File.Exists(folder)
                ? $"{folder} is a file, but the data of {Task.Name} is a folder of WAV files."
                : $"The data folder {folder} does not exist. Expected is a folder of WAV files named DIGIT_SPEAKER_TAKE.wav.");
        }

        var inner = Path.Combine(folder, "recordings");
        var place = Directory.Exists(inner) ? inner : folder;
        var takes = new List<Take>();
        foreach (var path in DataFiles.Of(place, "*.wav"))
        {
            var match = NamePattern().Match(Path.GetFileName(path));
            if (!match.Success || !int.TryParse(match.Groups["take"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw new TaskDataException($"{path}: the name must be DIGIT_SPEAKER_TAKE.wav, as 7_jackson_32.wav, for it carries the label."
                    + " Rename the file or take it out of the folder.");
            }

            takes.Add(new Take(path, (ushort)(match.Groups["digit"].Value[0] - '0'), match.Groups["speaker"].Value, number));
        }

        return takes.Count > 0 ? takes : throw new TaskDataException($"{place} holds no WAV file. Expected are files named DIGIT_SPEAKER_TAKE.wav.");
    }

    private static SequenceSet Part(string folder, string part, IEnumerable<(Take Take, float[] Features)> takes)
    {
        var all = takes.ToArray();
        var labels = Array.ConvertAll(all, one => one.Take.Digit);
        for (ushort digit = 0; digit < Task.Classes; digit++)
        {
            if (!labels.Contains(digit))
            {
                throw new TaskDataException($"{folder}: the {part} part has no recording of {digit} ({Task.Labels[digit]})."
                    + $" Takes 0 to {LastTestTake} are the test part, the others the training part, and every digit needs one in each.");
            }
        }

        return new SequenceSet(Task.Steps, Task.Input, RecordedFeatures.Join(Array.ConvertAll(all, one => one.Features)), labels);
    }

    private sealed record Take(string Path, ushort Digit, string Speaker, int Number);

    [GeneratedRegex("^(?<digit>[0-9])_(?<speaker>[^_]+)_(?<take>[0-9]+)[.]wav$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
