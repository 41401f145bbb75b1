using System.Globalization;
using Fleet.Tasks.Data;
using Fleet.Tasks.Numerics;
using Fleet.Tasks.Speech;
using Fleet.Tasks.Synthetic.Speech;

namespace Fleet.Tasks.Synthetic;

/// <summary>
/// Keyword spotting with no download: a voice synthesiser says the ten digits as speakers of many voices in rooms of many noises,
/// and the same code as for recordings takes the features. The test part is of other speakers than the training part. The same
/// seed gives the same bits on every platform.
/// </summary>
public static class SyntheticDigits
{
    /// <summary>Of the data that everybody gets; recorded in the pack.</summary>
    public const long DefaultSeed = 19600601;

    private const int TrainingSpeakers = 60;
    private const int TestSpeakers = 30;
    private const int TakesOfAWord = 3;

    // Root mean square of the noise relative to the word's: from a quiet room to noise that covers the weak sounds.
    private const double MinNoise = 0.04;
    private const double MaxNoise = 0.70;

    public static TaskDefinition Task { get; } = SpokenDigitsFolder.Task with
    {
        Name = "synthetic-digits",
        Description = "The digits zero to nine from a voice synthesiser in noise, with the features of spoken-digits; made by the product, needs no data.",
        Labels = [.. SpokenWords.All.Select(word => word.Name)],
        NeedsFolder = false,
    };

    public static TaskDataSet Make(long seed = DefaultSeed) => new(
        Record(seed, firstSpeaker: 0, TrainingSpeakers) with
        {
            Groups = [.. Enumerable.Range(0, TrainingSpeakers * SayingsOfASpeaker).Select(saying => (ushort)(saying / SayingsOfASpeaker))],
        },
        Record(seed, firstSpeaker: TrainingSpeakers, TestSpeakers),
        new SortedDictionary<string, string>
        {
            ["source"] = "voice synthesiser",
            ["features"] = SpokenDigitsFolder.Features.ToString(),
            ["seed"] = seed.ToString(CultureInfo.InvariantCulture),
            ["training_speakers"] = TrainingSpeakers.ToString(CultureInfo.InvariantCulture),
            ["test_speakers"] = TestSpeakers.ToString(CultureInfo.InvariantCulture),
        });

    private static int SayingsOfASpeaker => SpokenWords.All.Count * TakesOfAWord;

    private static SequenceSet Record(long seed, int firstSpeaker, int speakers)
    {
        var size = Task.Steps * Task.Input;
        var inputs = new float[speakers * SayingsOfASpeaker * size];
        var labels = new ushort[speakers * SayingsOfASpeaker];
        Parallel.For(0, speakers, index =>
        {
            // A stream for each speaker: one speaker more changes nobody else.
            var random = new Xoshiro256(seed, firstSpeaker + index);
            var synthesiser = new VoiceSynthesiser(new Speaker(random), random, SpokenDigitsFolder.Features.SampleRateHz);
            var mfcc = new Mfcc(SpokenDigitsFolder.Features);
            for (var number = 0; number < SayingsOfASpeaker; number++)
            {
                var saying = (index * SayingsOfASpeaker) + number;
                labels[saying] = (ushort)(number / TakesOfAWord);
                mfcc.Features(Place(synthesiser.Say(SpokenWords.All[labels[saying]].Phones), random)).CopyTo(inputs, saying * size);
            }
        });
        return new SequenceSet(Task.Steps, Task.Input, inputs, labels);
    }

    /// <summary>Somewhere within a second of noise, at some loudness.</summary>
    private static float[] Place(double[] word, Xoshiro256 random)
    {
        var second = new float[SpokenDigitsFolder.Features.SampleRateHz];
        var length = Math.Min(word.Length, second.Length);
        var start = random.Below(second.Length - length + 1);
        var loudness = random.Uniform(0.02, 0.15);
        var speech = loudness / Math.Sqrt(word.Sum(sample => sample * sample) / word.Length);
        // Squared, for quiet rooms are the more common.
        var room = random.Uniform();
        var noise = loudness * (MinNoise + ((MaxNoise - MinNoise) * room * room));
        // Rooms are louder at low frequencies: white noise through a one-pole low-pass, scaled back to its variance.
        var colour = random.Uniform(0, 0.9);
        var (scale, hum) = (Math.Sqrt(1 - (colour * colour)), 0.0);
        for (var sample = 0; sample < second.Length; sample++)
        {
            hum = (colour * hum) + (scale * random.Normal());
            var spoken = sample >= start && sample < start + length ? speech * word[sample - start] : 0;
            second[sample] = (float)(spoken + (noise * hum));
        }

        return second;
    }
}
