using Fleet.Tasks.Speech.Commands;

namespace Fleet.Tasks.Tests.Speech.Commands;

/// <summary>
/// A folder in the layout of Speech Commands, two takes of each of its words by four speakers: by their hashes p0 and p1 are for
/// training, p25 for validation and p3 for testing (worked out with Python's hashlib and the rule of the data set's readme).
/// </summary>
internal sealed class SmallCommands : IDisposable
{
    public static readonly string[] Speakers = ["p0", "p1", "p25", "p3"];

    private readonly int rate;

    public SmallCommands(int rate = 16000, IEnumerable<string>? words = null)
    {
        this.rate = rate;
        Folder = Directory.CreateTempSubdirectory("fleet-commands-").FullName;
        foreach (var word in words ?? SpeechCommandsFolder.Task.Labels)
        {
            Directory.CreateDirectory(Path.Combine(Folder, word));
            foreach (var speaker in Speakers)
            {
                Write($"{word}/{speaker}_nohash_0.wav", Tone(0.1));
                Write($"{word}/{speaker}_nohash_1.wav", Tone(0.1));
            }
        }

        Directory.CreateDirectory(Path.Combine(Folder, "_background_noise_"));
        Write("_background_noise_/hum.wav", Tone(11));
        Write("_background_noise_/tap.wav", Tone(12));
    }

    public string Folder { get; }

    public string List(string name) => Path.Combine(Folder, name);

    public void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(Folder, name), content);

    public byte[] Tone(double seconds) => SmallDigits.Wav(SmallDigits.Tone(440, seconds * rate / SmallDigits.Rate), rate);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
