using Fleet.Tasks.Numerics;
using Fleet.Tasks.Speech;

namespace Fleet.Tasks.Tests.Speech;

public sealed class MfccTests
{
    private static readonly MfccSettings Settings = new() { SampleRateHz = 8000 };

    [Fact]
    public void One_second_gives_49_frames_of_ten() =>
        Assert.Equal(49 * 10, new Mfcc(Settings).Features(new float[8000]).Length);

    [Fact]
    public void Silence_is_its_floor_in_the_first_coefficient_and_nothing_in_the_others()
    {
        // Every filter gives ln(1e-5) = -11.5129; the orthonormal DCT of a constant c over 40 is c sqrt(40).
        var features = new Mfcc(Settings).Features(new float[320]);
        Assert.Equal(-11.512925464970229 * Math.Sqrt(40), features[0], 4);
        Assert.All(features[1..], coefficient => Assert.Equal(0, coefficient, 4));
    }

    [Fact]
    public void The_transform_of_a_cosine_is_one_line()
    {
        // cos(2 pi 3 n / 16): |X_3| = 16 / 2.
        var power = new double[9];
        new FourierTransform(16).Power([.. Enumerable.Range(0, 16).Select(n => Math.Cos(2 * Math.PI * 3 * n / 16))], power);
        for (var bin = 0; bin < power.Length; bin++)
        {
            Assert.Equal(bin == 3 ? 64 : 0, power[bin], 8);
        }
    }

    [Fact]
    public void Features_agree_with_a_plain_reference_in_the_C_librarys_functions()
    {
        var random = new Xoshiro256(7);
        var samples = new float[480];
        for (var index = 0; index < samples.Length; index++)
        {
            samples[index] = (float)((0.3 * Math.Sin(index * 0.2)) + (0.1 * random.Normal()));
        }

        var features = new Mfcc(Settings).Features(samples);
        for (var frame = 0; frame < 2; frame++)
        {
            var expected = Reference(samples.AsSpan(frame * 160, 320));
            for (var coefficient = 0; coefficient < 10; coefficient++)
            {
                Assert.Equal(expected[coefficient], features[(frame * 10) + coefficient], 4);
            }
        }
    }

    [Theory]
    [InlineData(5000, 10)]
    [InlineData(4000, 41)]
    [InlineData(4000, 0)]
    public void Settings_that_contradict_themselves_are_refused(double high, int coefficients) =>
        Assert.Throws<ArgumentException>(() => new Mfcc(Settings with { HighHz = high, Coefficients = coefficients }));

    [Fact]
    public void The_portable_logarithm_is_that_of_the_C_library_to_the_last_digits()
    {
        var random = new Xoshiro256(1);
        for (var draw = 0; draw < 10_000; draw++)
        {
            var value = Math.Pow(10, random.Uniform(-300, 300));
            Assert.Equal(Math.Log(value), PortableMath.Log(value), Math.Abs(Math.Log(value)) * 2e-15);
        }

        Assert.Equal(0, PortableMath.Log(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PortableMath.Log(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PortableMath.Log(double.NaN));
    }

    private static double[] Reference(ReadOnlySpan<float> samples)
    {
        var energies = new double[40];
        double Mel(double hertz) => 1127 * Math.Log(1 + (hertz / 700));
        var spacing = (Mel(4000) - Mel(20)) / 41;
        for (var bin = 0; bin <= 256; bin++)
        {
            double real = 0, imaginary = 0;
            for (var n = 0; n < 320; n++)
            {
                var value = samples[n] * (0.5 - (0.5 * Math.Cos(2 * Math.PI * n / 320)));
                real += value * Math.Cos(2 * Math.PI * bin * n / 512);
                imaginary -= value * Math.Sin(2 * Math.PI * bin * n / 512);
            }

            for (var filter = 0; filter < 40; filter++)
            {
                var distance = Math.Abs(Mel(bin * 8000.0 / 512) - (Mel(20) + ((filter + 1) * spacing))) / spacing;
                energies[filter] += Math.Max(0, 1 - distance) * ((real * real) + (imaginary * imaginary));
            }
        }

        return [.. Enumerable.Range(0, 10).Select(k => Enumerable.Range(0, 40).Sum(n =>
            Math.Sqrt((k == 0 ? 1.0 : 2.0) / 40) * Math.Cos(Math.PI * k * (n + 0.5) / 40) * Math.Log(Math.Max(energies[n], 1e-5))))];
    }
}
