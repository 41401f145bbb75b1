using Fleet.Tasks.Data;
using Fleet.Tasks.Numerics;
using Fleet.Tasks.Synthetic;
using Fleet.Tasks.Synthetic.Speech;

namespace Fleet.Tasks.Tests.Synthetic;

public sealed class SyntheticDigitsTests
{
    private static readonly TaskDataSet Default = SyntheticDigits.Make();

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        var again = SyntheticDigits.Make();

        Assert.Equal(Default.Training.Inputs, again.Training.Inputs);
        Assert.Equal(Default.Test.Inputs, again.Test.Inputs);
        Assert.NotEqual(Default.Test.Inputs, SyntheticDigits.Make(seed: 1).Test.Inputs);
    }

    [Fact]
    public void The_data_is_the_same_to_the_bit_on_every_platform() =>
        Assert.Equal("43684ebabcb1084d7400f04dcd898cc80ad1b42c81021d3ec9ad3a07866b2f62", TaskCatalogue.Pack("synthetic-digits", folder: null).Test.Sha256);

    [Fact]
    public void Every_speaker_says_every_digit_three_times_and_every_value_is_finite()
    {
        foreach (var (part, speakers) in new[] { (Default.Training, 60), (Default.Test, 30) })
        {
            Assert.Equal((49, 10), (part.Steps, part.Features));
            Assert.All(part.Labels.CountBy(label => label), pair => Assert.Equal(speakers * 3, pair.Value));
            Assert.True(Array.TrueForAll(part.Inputs, float.IsFinite));
        }

        Assert.All(Default.Training.Groups!.CountBy(speaker => speaker), (speaker, index) => Assert.Equal((index, 30), ((int)speaker.Key, speaker.Value)));
        Assert.Null(Default.Test.Groups);
    }

    [Fact]
    public void A_resonator_passes_a_constant_unchanged_and_rings_at_its_frequency()
    {
        var resonator = new Resonator(8000);
        resonator.Tune(500, 80);
        var last = 0.0;
        for (var sample = 0; sample < 4000; sample++)
        {
            last = resonator.Next(1);
        }

        Assert.Equal(1, last, 6);

        // Without input it swings on: 500 Hz at 8,000 samples a second turn its sign every 8 samples.
        resonator.Next(2);
        double[] ringing = [.. Enumerable.Range(0, 400).Select(_ => resonator.Next(0))];
        var turns = Enumerable.Range(1, 399).Count(sample => ringing[sample] * ringing[sample - 1] < 0);
        Assert.InRange(turns, 48, 52);
    }

    [Fact]
    public void A_voiced_sound_repeats_with_the_pitch_and_a_voiceless_one_does_not()
    {
        // Periods between 95 and 235 Hz are 34 to 84 samples long.
        Assert.InRange(Periodicity(Phone.Aa), 0.6, 1);
        Assert.InRange(Periodicity(Phone.S), 0, 0.4);
    }

    [Fact]
    public void Digits_can_be_told_apart_but_not_by_their_mean_spectrum_alone()
    {
        var centroids = new double[10, 10];
        for (var sample = 0; sample < Default.Training.Samples; sample++)
        {
            var mean = Mean(Default.Training.Sequence(sample));
            for (var coefficient = 0; coefficient < 10; coefficient++)
            {
                centroids[Default.Training.Labels[sample], coefficient] += mean[coefficient] / 180;
            }
        }

        var right = Enumerable.Range(0, Default.Test.Samples).Count(sample =>
        {
            var mean = Mean(Default.Test.Sequence(sample));
            return Enumerable.Range(0, 10)
                .MinBy(label =>
                    Enumerable.Range(0, 10).Sum(coefficient => Math.Pow(mean[coefficient] - centroids[label, coefficient], 2))) == Default.Test.Labels[sample];
        });

        // Ten classes: by chance 0.1.
        Assert.InRange((double)right / Default.Test.Samples, 0.15, 0.5);
    }

    private static double Periodicity(Phone phone)
    {
        var random = new Xoshiro256(3);
        var sound = new VoiceSynthesiser(new Speaker(random), random, 8000).Say([phone with { Seconds = 0.3 }]).AsSpan(800, 800).ToArray();
        var energy = sound[..700].Sum(sample => sample * sample);
        return Enumerable.Range(30, 65).Max(lag => Enumerable.Range(0, 700).Sum(sample => sound[sample] * sound[sample + lag]) / energy);
    }

    private static double[] Mean(ReadOnlySpan<float> sequence)
    {
        var mean = new double[10];
        for (var index = 0; index < sequence.Length; index++)
        {
            mean[index % 10] += sequence[index] / 49;
        }

        return mean;
    }
}
