using Fleet.Tasks.Data;

namespace Fleet.Tasks.Speech;

/// <summary>Takes the features of recordings, on all cores.</summary>
internal static class RecordedFeatures
{
    /// <summary>The features of one second of each recording, [frames, coefficients]: of a longer one of its loudest second.</summary>
    /// <param name="folder">What messages call the place.</param>
    /// <param name="expected">Who asks for the sample rate of the settings, as the end of a message: <c>spoken-digits takes 8000</c>.</param>
    /// <exception cref="TaskDataException">A file is wrong: the first in the order of <paramref name="paths"/> is named.</exception>
    public static float[][] Read(string folder, IReadOnlyList<string> paths, MfccSettings settings, string expected)
    {
        var features = new float[paths.Count][];
        using var mfcc = new ThreadLocal<Mfcc>(() => new Mfcc(settings));
        try
        {
            ParallelReading.For(paths.Count, index =>
                features[index] = mfcc.Value!.Features(
                    Utterance.Fit(ReadRecording(paths[index], settings.SampleRateHz, expected).Samples, settings.SampleRateHz)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TaskDataException($"{folder} could not be read: {error.Message}", error);
        }

        return features;
    }

    /// <exception cref="TaskDataException">It is no recording, or of another rate.</exception>
    public static Recording ReadRecording(string path, int sampleRateHz, string expected)
    {
        var recording = Recording.Read(path);
        return recording.SampleRateHz == sampleRateHz
            ? recording
            : throw new TaskDataException($"{path} has {recording.SampleRateHz} samples a second, but {expected}. Convert it, for example with sox:"
                + $" sox IN.wav -r {sampleRateHz} OUT.wav");
    }

    /// <summary>All features one behind the other.</summary>
    public static float[] Join(IReadOnlyCollection<float[]> features)
    {
        var joined = new float[features.Sum(one => one.Length)];
        var at = 0;
        foreach (var one in features)
        {
            one.CopyTo(joined, at);
            at += one.Length;
        }

        return joined;
    }
}
