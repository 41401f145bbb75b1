using Fleet.Tasks.Data;
using Fleet.Tasks.Numerics;

namespace Fleet.Tasks.Speech.Commands;

/// <summary>
/// The class of silence: seconds cut from the recordings of <c>_background_noise_</c>, evenly over each and played at a loudness
/// between nothing and their own. The last tenth of a recording is for testing alone.
/// </summary>
internal sealed class BackgroundNoise
{
    private const string Folder = "_background_noise_";
    private const int Tenths = 10;

    private readonly MfccSettings settings;
    private readonly (string Name, float[] Samples)[] sounds;

    /// <exception cref="TaskDataException">The folder is missing or empty, or a recording is wrong or too short to be cut.</exception>
    public BackgroundNoise(string folder, MfccSettings settings, string expected)
    {
        this.settings = settings;
        var place = Path.Combine(folder, Folder);
        var paths = Directory.Exists(place) ? DataFiles.Of(place, "*.wav").ToArray() : [];
        if (paths.Length == 0)
        {
            throw new TaskDataException($"{place} holds no WAV file, but the class silence is made of them.");
        }

        sounds = Array.ConvertAll(paths, path => (Path.GetFileName(path), RecordedFeatures.ReadRecording(path, settings.SampleRateHz, expected).Samples));
        var min = Tenths * settings.SampleRateHz;
        if (Array.Find(sounds, sound => sound.Samples.Length < min) is { Name: { } tooShort } found)
        {
            throw new TaskDataException($"{Path.Combine(place, tooShort)} has {found.Samples.Length} samples, but at least {min} are needed:"
                + " its last tenth is for testing, and a second must fit there.");
        }
    }

    /// <summary>So many seconds, and the recording that each is of.</summary>
    public IEnumerable<(string Name, float[] Features)> Cut(bool testing, int count)
    {
        var mfcc = new Mfcc(settings);
        var random = new Xoshiro256(seed: 1, stream: testing ? 1 : 0);
        var length = settings.SampleRateHz;
        for (var index = 0; index < count; index++)
        {
            var (name, samples) = sounds[index % sounds.Length];
            var border = (int)((long)samples.Length * (Tenths - 1) / Tenths);
            var (begin, end) = testing ? (border, samples.Length) : (0, border);
            var (turn, turns) = (index / sounds.Length, ((count - 1 - (index % sounds.Length)) / sounds.Length) + 1);
            var start = begin + (int)((long)(end - begin - length) * turn / Math.Max(1, turns - 1));
            var loudness = (float)random.Uniform();
            yield return (name, mfcc.Features(Array.ConvertAll(samples[start..(start + length)], sample => loudness * sample)));
        }
    }
}
